package suite

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// CheckAddress returns an error for a base URL that clients can't use.
func CheckAddress(base string) error {
	u, err := url.Parse(base)
	switch {
	case base == "":
		return errors.New("no target; give the base URL of the server, as http://127.0.0.1:8080")
	case err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return fmt.Errorf("target %q is not a base URL, as http://127.0.0.1:8080 or https://connect.example.com", base)
	case u.User != nil:
		return errors.New("the URL of the target must not have a user or a password")
	case strings.Trim(u.Path, "/") == "v1":
		return errors.New("the URL of the target must not end in /v1, which clients add")
	}
	return nil
}

// Host returns the host of a base URL, which reports use for a server without a name.
func Host(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	return u.Host
}
