package workerrpc

// Kept tells how many connections a client holds.
func Kept(c *Client) int {
	c.pool.mu.Lock()
	defer c.pool.mu.Unlock()
	return c.pool.order.Len()
}
