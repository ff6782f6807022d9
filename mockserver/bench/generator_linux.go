package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"syscall"
	"time"
	"unsafe"
)

// generator sends a load from one thread. It reads the beginning of a response, its status and its length, and lets the
// kernel throw the rest away.
type generator struct {
	load
	result
	epoll       int
	connections []*connection
	free        []*connection // that wait for no response
	start       time.Time
	sent        int
}

// connection is a socket and what has arrived on it of a response.
type connection struct {
	socket  int
	request []byte
	since   time.Time // when the latency of the request began
	head    []byte    // the headers, while they arrive
	body    []byte    // only if somebody reads it
	missing int64     // bytes of the body that have not arrived
}

// maxHead is the most bytes that headers may have, and what is read of a response at once.
const maxHead = 4 << 10

// run sends the load. If ctx ends it returns what was measured until then, with the error of ctx.
func (l load) run(ctx context.Context) (result, error) {
	g := &generator{load: l}
	defer g.close()
	if err := g.connect(); err != nil {
		return g.result, err
	}
	g.start = time.Now()
	err := g.loop(ctx)
	g.took = time.Since(g.start)
	slices.Sort(g.latencies)
	return g.result, err
}

// connect opens all connections.
func (g *generator) connect() (err error) {
	addr, err := netip.ParseAddrPort(g.addr)
	if err != nil {
		return err
	}
	if g.epoll, err = syscall.EpollCreate1(syscall.EPOLL_CLOEXEC); err != nil {
		return err
	}
	for i := range g.conns {
		fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
		if err != nil {
			return err
		}
		c := &connection{socket: fd, head: make([]byte, 0, maxHead)}
		g.connections, g.free = append(g.connections, c), append(g.free, c)
		err = syscall.Connect(fd, &syscall.SockaddrInet4{Addr: addr.Addr().As4(), Port: int(addr.Port())})
		if err == nil {
			event := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(i)}
			err = syscall.EpollCtl(g.epoll, syscall.EPOLL_CTL_ADD, fd, &event)
		}
		if err != nil {
			return fmt.Errorf("connect to %s: %w", g.addr, err)
		}
	}
	return nil
}

func (g *generator) close() {
	for _, c := range g.connections {
		_ = syscall.Close(c.socket) // nothing more is read or written
	}
	if g.epoll > 0 {
		_ = syscall.Close(g.epoll)
	}
}

// loop sends requests when they are due and receives responses, until all have arrived.
func (g *generator) loop(ctx context.Context) error {
	var events [64]syscall.EpollEvent
	for {
		due, err := g.sendDue(ctx)
		if err != nil {
			return err
		}
		if due < 0 && len(g.free) == len(g.connections) {
			return ctx.Err()
		}
		if due < 0 || len(g.free) == 0 {
			due = 100 * time.Millisecond // ctx may end
		}
		ready, err := wait(g.epoll, events[:], due)
		if err != nil {
			return err
		}
		for _, event := range events[:ready] {
			if err := g.receive(g.connections[event.Fd]); err != nil {
				return err
			}
			if _, err := g.sendDue(ctx); err != nil {
				return err
			}
		}
	}
}

// sendDue sends the requests that are due on free connections. It returns the time to the next one, negative if none
// follows.
func (g *generator) sendDue(ctx context.Context) (time.Duration, error) {
	for {
		since := time.Now()
		if g.isOver(since.Sub(g.start)) || ctx.Err() != nil {
			return -1, nil
		}
		if g.rate > 0 {
			since = g.start.Add(time.Duration(float64(g.sent) / g.rate * float64(time.Second)))
			if wait := time.Until(since); wait > 0 {
				return wait, nil
			}
		}
		if len(g.free) == 0 {
			return 0, nil
		}
		c := g.free[len(g.free)-1]
		g.free = g.free[:len(g.free)-1]
		c.request, c.since = g.next(g.sent), since
		g.sent++
		if n, err := syscall.Write(c.socket, c.request); err != nil || n < len(c.request) {
			return 0, fmt.Errorf("send a request: %d of %d bytes: %w", n, len(c.request), err)
		}
	}
}

// isOver reports whether no more requests are to be sent.
func (g *generator) isOver(after time.Duration) bool {
	if g.rate > 0 {
		return g.sent >= int(g.rate*g.length.Seconds())
	}
	return after >= g.length
}

// receive reads what has arrived on a connection, and records the response if that was the last of it.
func (g *generator) receive(c *connection) error {
	if c.missing > 0 {
		n, err := c.receiveBody(g.onResponse != nil)
		if c.missing -= n; err != nil || c.missing > 0 {
			return err
		}
		return g.finish(c)
	}
	n, err := receiveMore(c.socket, c.head[len(c.head):maxHead], maxHead-len(c.head), 0)
	if err != nil {
		return err
	}
	c.head = c.head[:len(c.head)+n]
	head, rest, whole := bytes.Cut(c.head, []byte("\r\n\r\n"))
	if !whole {
		if len(c.head) == maxHead {
			return errors.New("a response whose headers do not end")
		}
		return nil
	}
	r, err := parseHead(head)
	if err != nil {
		return fmt.Errorf("%w: %s", err, rest)
	}
	if c.missing = r.size - int64(len(rest)); c.missing < 0 {
		return fmt.Errorf("a response of %d bytes that has %d", r.size, len(rest))
	}
	g.bytes += r.size
	c.body = append(c.body[:0], rest...)
	if c.missing > 0 {
		return nil
	}
	return g.finish(c)
}

// receiveBody reads more of a body and returns how much.
func (c *connection) receiveBody(keep bool) (int64, error) {
	if !keep {
		n, err := receiveMore(c.socket, nil, int(c.missing), syscall.MSG_TRUNC)
		return int64(n), err
	}
	c.body = slices.Grow(c.body, int(c.missing))
	n, err := receiveMore(c.socket, c.body[len(c.body):cap(c.body)], int(c.missing), 0)
	c.body = c.body[:len(c.body)+n]
	return int64(n), err
}

// finish records a response that has arrived.
func (g *generator) finish(c *connection) error {
	g.responses++
	g.latencies = append(g.latencies, time.Since(c.since))
	g.free = append(g.free, c)
	c.head = c.head[:0]
	if g.onResponse != nil {
		return g.onResponse(c.request, c.body)
	}
	return nil
}

// receiveMore receives at most so many bytes of a socket that has some. With MSG_TRUNC the kernel throws them away.
func receiveMore(socket int, into []byte, most, flags int) (int, error) {
	n, _, errno := syscall.RawSyscall6(syscall.SYS_RECVFROM, uintptr(socket), uintptr(unsafe.Pointer(unsafe.SliceData(into))),
		uintptr(most), uintptr(flags|syscall.MSG_DONTWAIT), 0, 0)
	switch {
	case errno == syscall.EAGAIN || errno == syscall.EINTR:
		return 0, nil
	case errno != 0:
		return 0, errno
	case n == 0:
		return 0, io.ErrUnexpectedEOF
	}
	return int(n), nil
}

// epollPwait2 is the number of the system call on every architecture; it takes nanoseconds (Linux 5.11).
const epollPwait2 = 441

// wait waits for something to receive, at most so long, and returns the number of events.
func wait(epoll int, events []syscall.EpollEvent, most time.Duration) (int, error) {
	timeout := syscall.NsecToTimespec(int64(most))
	n, _, errno := syscall.Syscall6(epollPwait2, uintptr(epoll), uintptr(unsafe.Pointer(&events[0])),
		uintptr(len(events)), uintptr(unsafe.Pointer(&timeout)), 0, 0)
	if errno != 0 && errno != syscall.EINTR {
		return 0, fmt.Errorf("epoll_pwait2: %w", errno)
	}
	if errno != 0 {
		return 0, nil
	}
	return int(n), nil
}

// processorTime returns how long a process has used processors.
func processorTime(pid int) time.Duration {
	var spent syscall.Timespec
	clock := ^pid<<3 | 2 // its CPUCLOCK_SCHED, see clock_getcpuclockid(3)
	_, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, uintptr(uint32(clock)), uintptr(unsafe.Pointer(&spent)), 0)
	if errno != 0 {
		return 0
	}
	return time.Duration(spent.Nano())
}
