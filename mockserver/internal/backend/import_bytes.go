package backend

import "io"

// exportBytes reads the content of a file from the following lines.
type exportBytes struct {
	lines *exportReader
	piece []byte
	left  int64 // bytes not returned yet, including piece
}

func (b *exportBytes) Read(p []byte) (int, error) {
	for len(b.piece) == 0 {
		if b.left == 0 {
			return 0, io.EOF
		}
		line, err := b.lines.next()
		if err != nil {
			return 0, err
		}
		if len(line.Bytes) == 0 || int64(len(line.Bytes)) > b.left {
			return 0, problem("the file before it does not have as many bytes as its size")
		}
		b.piece = line.Bytes
	}
	n := copy(p, b.piece)
	b.piece, b.left = b.piece[n:], b.left-int64(n)
	return n, nil
}
