// Package redact removes secrets from texts that people read: by value, in every encoding of a known secret, and in
// bodies also by place, whatever the value is.
//
// The package knows which parts of a Connect document are secret. It does not know how requests are sent or recorded.
package redact
