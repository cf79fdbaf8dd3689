package demojob

import (
	"context"
	"math/rand/v2"
	"time"
)

// oneIn tells whether this is one of the few times in which a job takes far longer than its schedule has room for.
func oneIn(n int) bool { return rand.IntN(n) == 0 }

// report is now and then so slow that the next run is skipped: its job forbids overlapping.
func report(ctx context.Context, out output) int {
	const steps = 20
	each := about(20*time.Second) / steps
	if oneIn(6) {
		out.printf("集計テーブルがロックされています。時間がかかります")
		each = about(150*time.Second) / steps
	}
	for i := 1; i <= steps; i++ {
		if !pause(ctx, each) {
			return 1
		}
		out.printf("進捗 %3d%%  注文 %5d / %d", i*100/steps, i*640, steps*640)
	}
	return 0
}

// stock now and then waits for a warehouse that does not answer, until the next run replaces it.
func stock(ctx context.Context, out output) int {
	if oneIn(6) {
		out.printf("神戸: 応答待ち")
		if !pause(ctx, 3*time.Minute) {
			return 1
		}
	}
	return steady(5*time.Second, "川崎 4,812 SKU", "神戸 3,977 SKU", "差分 12 件を反映")(ctx, out)
}

func long(ctx context.Context, out output) int {
	end := about(210 * time.Second)
	for began := time.Now(); time.Since(began) < end; {
		if !pause(ctx, 5*time.Second) {
			return 1
		}
		out.printf("締め処理中: %s 経過 / 約 %s", time.Since(began).Round(time.Second), end.Round(time.Second))
	}
	return 0
}

func failing(ctx context.Context, out output) int {
	out.printf("GET https://partner.example/feed.xml -> 200, 1.2 MB")
	if !pause(ctx, about(3*time.Second)) {
		return 1
	}
	out.errorf("%s", `Traceback (most recent call last):
  File "/srv/app/manage.py", line 22, in <module>
    main()
  File "/srv/app/partner/management/commands/partner_feed.py", line 88, in handle
    for item in parse_feed(self.fetch(options["feed"])):
  File "/srv/app/partner/feed.py", line 41, in parse_feed
    raise FeedError(f"unexpected element {tag!r} at line {line}")
partner.feed.FeedError: unexpected element 'preis' at line 1284`)
	return 3
}

func flaky(ctx context.Context, out output) int {
	if !pause(ctx, about(2*time.Second)) {
		return 1
	}
	if rand.Float64() < 0.3 {
		out.errorf("rates.example: read timed out after 10 s")
		return 1
	}
	out.printf("USD/JPY %.2f  EUR/JPY %.2f", 145+rand.Float64()*10, 160+rand.Float64()*10)
	return 0
}

// hanging runs for longer than its job allows, and says so now and then.
func hanging(ctx context.Context, out output) int {
	for i := 1; ; i++ {
		if !pause(ctx, 4*time.Second) {
			return 1
		}
		out.printf("segment %d: waiting for the index lock", i)
		if i == 60 {
			return 0
		}
	}
}

// chatty writes some 30,000 coloured lines, in bursts as a real export does.
func chatty(ctx context.Context, out output) int {
	levels := []string{"\x1b[32mINFO\x1b[0m", "\x1b[33mWARN\x1b[0m", "\x1b[36mDEBUG\x1b[0m", "\x1b[1;31mERROR\x1b[0m"}
	for burst := range 60 {
		for i := range 500 {
			level := levels[0]
			if r := rand.IntN(100); r > 96 {
				level = levels[r%4]
			}
			out.printf("%s \x1b[2m%s\x1b[0m 監査 #%06d user=%d action=\x1b[4mupdate\x1b[0m ok", level,
				time.Now().UTC().Format(time.RFC3339Nano), burst*500+i, rand.IntN(9000))
		}
		if !pause(ctx, 200*time.Millisecond) {
			return 1
		}
	}
	return 0
}

func hostile(_ context.Context, out output) int {
	out.printf("<b>bold?</b> <script>alert('log')</script>")
	out.printf("\x1b]0;a window title\x07\x1b]8;;https://evil.example\x1b\\a link\x1b]8;;\x1b\\ \x1b[2J\x1b[H")
	out.printf("right-to-left \u202Etxt.exe\u202C, zero\u200bwidth, NUL \x00 and half a character \xe3\x81")
	out.printf("progress 10%%\rprogress 55%%\rprogress 100%%")
	out.errorf("javascript:alert(1) file:///etc/passwd")
	if rand.IntN(2) == 0 {
		return 66
	}
	return 0
}
