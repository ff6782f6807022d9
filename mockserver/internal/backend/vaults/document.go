package vaults

import "io"

// Document is an encoded response.
type Document struct {
	Body   []byte
	Stream io.ReadCloser // instead of Body, with Size; nil: Body is the document
	Size   int64         // bytes of Stream
	Cached bool          // Body is shared with the cache
}

// Close closes the stream of a document that is not used.
func (d Document) Close() error {
	if d.Stream == nil {
		return nil
	}
	return d.Stream.Close()
}
