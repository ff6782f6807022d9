package items

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/connectmock/connectmock/openapi/connect"
)

func TestMasked_HidesEachKindOfSecret(t *testing.T) {
	t.Parallel()
	const hidden = "hunter2"
	it := connect.Item{Fields: []connect.Field{
		{ID: "username", Type: "STRING", Value: "ada"},
		{ID: "password", Type: "STRING", Purpose: "PASSWORD", Value: hidden,
			PasswordDetails: &connect.PasswordDetails{History: []string{hidden}}},
		{ID: "pin", Type: "CONCEALED", Value: hidden},
		{ID: "code", Type: "OTP", Value: hidden, TOTP: hidden},
		{ID: "key", Type: "SSHKEY", Value: hidden},
		{ID: "unknown", Type: "UNKNOWN", Value: hidden},
	}}
	masked, err := json.Marshal(Masked(it))
	if err != nil || strings.Contains(string(masked), hidden) || !strings.Contains(string(masked), "ada") {
		t.Errorf("%s %v", masked, err)
	}
	if it.Fields[1].Value != hidden || it.Fields[1].PasswordDetails.History[0] != hidden || it.Fields[3].TOTP != hidden {
		t.Error("the item that was passed in has changed")
	}
}

func TestCode_SaysHowLongItIsValid(t *testing.T) {
	t.Parallel()
	f := connect.Field{Type: "OTP", Value: "JBSWY3DPEHPK3PXP"}
	for at, want := range map[time.Duration]int{0: 30, time.Second: 29, 29*time.Second + 1: 1} {
		if code, seconds := Code(f, time.Unix(0, int64(at))); len(code) != 6 || seconds != want {
			t.Errorf("at %v: %d digits, %d s, want %d s", at, len(code), seconds, want)
		}
	}
	f.Value = "not base32!"
	if code, seconds := Code(f, time.Unix(0, 0)); code != "" || seconds != 0 {
		t.Errorf("an invalid seed has a code for %d s", seconds)
	}
}
