// Package redact takes secrets out of texts that people read: by value, in every
// form a known secret can take, and in bodies also by place, whatever stands
// there.
//
// It knows what of a Connect document is secret. It does not know how requests
// are sent or recorded.
package redact
