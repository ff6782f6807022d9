package faults

import (
	"context"
	"math"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// longest is the longest a request can be made to wait. A draw that is longer
// is cut: a log-normal distribution has no end.
const longest = time.Hour

func delayKind() kind {
	return kind{
		member: "delay",
		given:  func(f *controlapi.Fault) bool { return f.Delay != nil },
		check:  func(f *controlapi.Fault) error { return checkDelay(f.Delay) },
		strike: func(s *Effects, f *controlapi.Fault, _ Request, c chance) { s.Delay += drawDelay(f.Delay, c) },
	}
}

func checkDelay(d *controlapi.Delay) error {
	given := 0
	for _, is := range []bool{d.Fixed != 0, d.Uniform != nil, d.LogNormal != nil} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return refuse("delay", "needs exactly one of fixed, uniform and logNormal; \"200ms\" alone is fixed")
	case d.Uniform != nil && (d.Uniform.Min < 0 || d.Uniform.Max < d.Uniform.Min):
		return refuse("delay.uniform", "min must not be negative, and max not less than min")
	case d.Uniform != nil && time.Duration(d.Uniform.Max) > longest, time.Duration(d.Fixed) > longest,
		d.LogNormal != nil && time.Duration(d.LogNormal.Median) > longest:
		return refuse("delay", "must not be longer than %v", longest)
	case d.Fixed < 0:
		return refuse("delay.fixed", "must not be negative")
	case d.LogNormal != nil && d.LogNormal.Median <= 0:
		return refuse("delay.logNormal.median", "must be more than 0")
	case d.LogNormal != nil && !(d.LogNormal.Sigma >= 0 && d.LogNormal.Sigma <= 10):
		return refuse("delay.logNormal.sigma", "must be from 0 to 10; 0.5 is a usual one")
	}
	return nil
}

func drawDelay(d *controlapi.Delay, c chance) time.Duration {
	switch {
	case d.Uniform != nil:
		least, most := int64(d.Uniform.Min), int64(d.Uniform.Max)
		return time.Duration(least + c.source(2).Int64N(most-least+1))
	case d.LogNormal != nil:
		drawn := float64(d.LogNormal.Median) * math.Exp(d.LogNormal.Sigma*c.source(2).NormFloat64())
		return time.Duration(min(drawn, float64(longest)))
	}
	return time.Duration(d.Fixed)
}

// Wait waits, or answers the context's error where it ends before.
func Wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
