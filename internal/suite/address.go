package suite

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// CheckAddress refuses a base URL that clients of a server could not use.
func CheckAddress(base string) error {
	u, err := url.Parse(base)
	switch {
	case base == "":
		return errors.New("no target: give the server's base URL, as http://127.0.0.1:8080")
	case err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return fmt.Errorf("target %q is no base URL, as http://127.0.0.1:8080 or https://connect.example.com", base)
	case u.User != nil:
		return errors.New("the target's URL must not hold a user or a password")
	case strings.Trim(u.Path, "/") == "v1":
		return errors.New("the target's URL must not end in /v1: clients add it themselves")
	}
	return nil
}

// Host is the host of a base URL, by which reports call a server without a name.
func Host(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	return u.Host
}
