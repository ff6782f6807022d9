package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"time"
)

// client is one connection that sends one request after the other, and what was measured on it.
type client struct {
	conn      net.Conn
	in        *bufio.Reader
	latencies []time.Duration
}

func dial(ctx context.Context, addr string) (*client, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, in: bufio.NewReaderSize(conn, 16<<10)}, nil
}

// send sends a request, reads the response and adds the latency, which counts from since.
func (c *client) send(request []byte, since time.Time) error {
	_, err := c.roundTrip(request)
	c.latencies = append(c.latencies, time.Since(since))
	return err
}

func (c *client) roundTrip(request []byte) (response, error) {
	if _, err := c.conn.Write(request); err != nil {
		return response{}, err
	}
	return readResponse(c.in)
}

// create sends a POST and returns the id of the new item. It adds no latency.
func (c *client) create(request []byte) (id string, err error) {
	r, err := c.roundTrip(request)
	if err != nil {
		return "", err
	}
	return itemID(r.body)
}

// itemID returns the id of an encoded item.
func itemID(body []byte) (string, error) {
	var item struct{ ID string }
	if err := json.Unmarshal(body, &item); err != nil || item.ID == "" {
		return "", fmt.Errorf("an item without id: %w", err)
	}
	return item.ID, nil
}

// fetch sends one request on a connection of its own and returns the response with its body.
func fetch(ctx context.Context, addr string, request []byte) (response, error) {
	c, err := dial(ctx, addr)
	if err != nil {
		return response{}, err
	}
	defer c.conn.Close()
	return c.roundTrip(request)
}
