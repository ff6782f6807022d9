package faults

import (
	"cmp"
	"math"
	"time"

	"github.com/connectmock/connectmock/openapi/controlapi"
)

// maxDelay is the longest time that a fault can delay a request. Longer random
// delays are cut to it: a log-normal distribution has no upper bound.
const maxDelay = time.Hour

// delayKind makes a request wait.
func delayKind() kind {
	return kind{
		member:   "delay",
		hasPhase: true,
		isSet:    func(f *controlapi.Fault) bool { return f.Delay != nil },
		clone: func(f *controlapi.Fault) {
			if d := clonePointer(f.Delay); d != nil {
				d.Uniform, d.LogNormal = clonePointer(d.Uniform), clonePointer(d.LogNormal)
				f.Delay = d
			}
		},
		check: func(f *controlapi.Fault) error { return checkDelay(f.Delay) },
		merge: func(d, preset *controlapi.Fault) { d.Delay = cmp.Or(d.Delay, preset.Delay) },
		apply: func(e *Effects, f *controlapi.Fault, _ Request, random randomSource) {
			e.phase(f).Delay += randomDelay(f.Delay, random)
		},
	}
}

func checkDelay(d *controlapi.Delay) error {
	given := 0
	for _, isGiven := range []bool{d.Fixed != 0, d.Uniform != nil, d.LogNormal != nil} {
		if isGiven {
			given++
		}
	}
	switch {
	case given != 1:
		return invalid("delay", "needs exactly one of fixed, uniform and logNormal; \"200ms\" alone is fixed")
	case d.Uniform != nil && (d.Uniform.Min < 0 || d.Uniform.Max < d.Uniform.Min):
		return invalid("delay.uniform", "min must not be negative, and max not less than min")
	case d.Uniform != nil && time.Duration(d.Uniform.Max) > maxDelay, time.Duration(d.Fixed) > maxDelay,
		d.LogNormal != nil && time.Duration(d.LogNormal.Median) > maxDelay:
		return invalid("delay", "must not be longer than %v", maxDelay)
	case d.Fixed < 0:
		return invalid("delay.fixed", "must not be negative")
	case d.LogNormal != nil && d.LogNormal.Median <= 0:
		return invalid("delay.logNormal.median", "must be more than 0")
	case d.LogNormal != nil && !(d.LogNormal.Sigma >= 0 && d.LogNormal.Sigma <= 10):
		return invalid("delay.logNormal.sigma", "must be from 0 to 10; 0.5 is a common value")
	}
	return nil
}

// randomDelay returns the time that a request waits.
func randomDelay(d *controlapi.Delay, random randomSource) time.Duration {
	switch {
	case d.Uniform != nil:
		shortest, longest := int64(d.Uniform.Min), int64(d.Uniform.Max)
		return time.Duration(shortest + random.stream(2).Int64N(longest-shortest+1))
	case d.LogNormal != nil:
		delay := float64(d.LogNormal.Median) * math.Exp(d.LogNormal.Sigma*random.stream(2).NormFloat64())
		return time.Duration(min(delay, float64(maxDelay)))
	}
	return time.Duration(d.Fixed)
}
