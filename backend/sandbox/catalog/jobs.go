package catalog

import (
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// HostileName is a job name that a careless screen would run or be turned around by.
const HostileName = "<img src=x onerror=alert(1)> \u202Efdp.exe"

// Jobs are the sandbox's jobs, in the order in which they are made.
var Jobs = []Job{
	{
		Name: "ハートビート確認", Command: "heartbeat", Type: scheduler.TimeJob, Schedule: `{"kind": "every_n_minutes", "n": 1}`,
		Timeout: 30 * time.Second,
		Past: Past{Typical: 1200 * time.Millisecond, Spread: 0.25, Failing: 0.002, Error: []string{connectionRefused},
			Cores: 0.05, Memory: 18 * mib},
	},
	{
		Name: "注文集計レポート", Command: "order_report", Type: scheduler.TimeJob, Schedule: `{"kind": "every_n_minutes", "n": 2}`,
		Args: `{"shop": "tokyo", "currency": "JPY"}`, Timeout: 5 * time.Minute, Retries: 1, Backoff: 30 * time.Second,
		Past: Past{Typical: 21 * time.Second, Spread: 0.3, Failing: 0.008, Error: []string{deadlock, connectionRefused},
			Cores: 0.5, Memory: 140 * mib, Read: 2 * mib, Written: mib / 2, Night: 0.5},
	},
	{
		Name: "在庫同期", Command: "stock_sync", Type: scheduler.TimeJob, Schedule: `{"kind": "every_n_minutes", "n": 2}`,
		Args: `{"warehouses": ["川崎", "神戸"]}`, Timeout: 4 * time.Minute, Policy: scheduler.Replace,
		Past: Past{Typical: 6 * time.Second, Spread: 0.5, Failing: 0.015, Error: []string{gateway, readTimeout},
			Cores: 0.3, Memory: 64 * mib, Read: mib, Written: mib},
	},
	{
		Name: "Mail queue", Command: "mail_queue", Type: scheduler.TimeJob, Schedule: `{"kind": "every_n_minutes", "n": 10}`,
		Timeout: time.Minute, Policy: scheduler.Allow,
		Past: Past{Typical: 3 * time.Second, Spread: 0.8, Failing: 0.01, Error: []string{smtp}, Cores: 0.1, Memory: 40 * mib},
	},
	{
		Name: "為替レート取得", Command: "exchange_rates", Type: scheduler.TimeJob, Schedule: `{"kind": "every_n_minutes", "n": 10}`,
		Timeout: time.Minute, Retries: 3, Backoff: 10 * time.Second,
		Past: Past{Typical: 2 * time.Second, Spread: 0.6, Failing: 0.3, Error: []string{readTimeout, gateway, rateLimit},
			Cores: 0.1, Memory: 30 * mib},
	},
	{
		Name: "元帳締め処理 (long)", Command: "ledger_closing", Type: scheduler.TimeJob, Schedule: `{"kind": "every_n_minutes", "n": 10}`,
		Args: `{"month": "current", "dry_run": false}`, Timeout: 15 * time.Minute,
		Past: Past{Typical: 205 * time.Second, Spread: 0.15, Failing: 0.01, Error: []string{deadlock},
			Cores: 0.7, Memory: 320 * mib, Read: 3 * mib, Written: 2 * mib, Night: 0.8},
	},
	{
		Name: "Partner feed import", Command: "partner_feed", Type: scheduler.TimeJob, Schedule: `{"kind": "every_n_minutes", "n": 15}`,
		Args: `{"feed": "https://partner.example/feed.xml"}`, Timeout: 2 * time.Minute, Retries: 1, Backoff: time.Minute,
		Past: Past{Typical: 4 * time.Second, Spread: 0.4, Failing: 1, ExitCode: 3, Error: []string{partnerTraceback},
			Cores: 0.4, Memory: 90 * mib, Read: mib},
	},
	{
		Name: "Search reindex", Command: "search_reindex", Type: scheduler.TimeJob, Schedule: `{"kind": "hourly", "minute": 20}`,
		Timeout: 20 * time.Second,
		Past:    Past{Typical: 20 * time.Second, TimesOut: true, Cores: 0.9, Memory: 210 * mib, Read: 8 * mib},
	},
	{
		Name: "監査ログ出力 (chatty)", Command: "audit_export", Type: scheduler.TimeJob, Schedule: `{"kind": "every_n_minutes", "n": 15}`,
		Timeout: 10 * time.Minute,
		Past: Past{Typical: 14 * time.Second, Spread: 0.3, Failing: 0.01, Error: []string{diskQuota},
			Cores: 0.8, Memory: 55 * mib, Read: 6 * mib, Written: 4 * mib},
	},
	{
		Name: "画像サムネイル生成", Command: "thumbnails", Type: scheduler.TimeJob, Schedule: `{"kind": "every_n_minutes", "n": 10}`,
		Args: `{"sizes": [160, 320, 640], "format": "webp"}`, Timeout: 5 * time.Minute,
		Past: Past{Typical: 12 * time.Second, Spread: 0.5, Failing: 0.02, Error: []string{outOfMemory},
			Cores: 0.95, Memory: 260 * mib, Read: 5 * mib, Written: 5 * mib},
	},
	{
		Name: "注文受付後処理", Command: "order_followup", Type: scheduler.EventJob, Schedule: `{"event_type": "order.placed"}`,
		Timeout: time.Minute, Retries: 2, Backoff: 15 * time.Second, Policy: scheduler.Allow,
		Past: Past{Typical: 2500 * time.Millisecond, Spread: 0.5, Failing: 0.01, Error: []string{deadlock}, Cores: 0.2, Memory: 48 * mib},
	},
	{
		Name: "File arrival check", Command: "file_check", Type: scheduler.EventJob, Schedule: `{"event_type": "file.arrived"}`,
		Timeout: time.Minute, Policy: scheduler.Allow,
		Past: Past{Typical: 1800 * time.Millisecond, Spread: 0.7, Failing: 0.06, Error: []string{badEncoding},
			Cores: 0.3, Memory: 35 * mib, Read: 2 * mib},
	},
	{
		Name: "イベント監査", Command: "event_audit", Type: scheduler.EventJob,
		Schedule: `{"event_types": ["order.placed", "file.arrived"]}`, Timeout: time.Minute, Policy: scheduler.Allow, Disabled: true,
	},
	{
		Name: "Metrics roll-up", Command: "metrics_rollup", Type: scheduler.TimeJob, Schedule: `{"kind": "hourly", "minute": 5}`,
		Timeout: 10 * time.Minute,
		Past: Past{Typical: 35 * time.Second, Spread: 0.2, Failing: 0.01, Error: []string{deadlock},
			Cores: 0.6, Memory: 180 * mib, Read: 4 * mib, Written: mib, Night: 0.6},
	},
	{
		Name: "キャッシュ再構築", Command: "cache_rebuild", Type: scheduler.TimeJob, Schedule: `{"kind": "hourly", "minute": 35}`,
		Timeout: 10 * time.Minute,
		Past: Past{Typical: 48 * time.Second, Spread: 0.35, Failing: 0.02, Error: []string{connectionRefused},
			Cores: 0.8, Memory: 400 * mib, Written: mib, Night: 0.3},
	},
	{
		Name: "Session cleanup", Command: "session_cleanup", Type: scheduler.TimeJob, Schedule: `{"every_n_minutes": 20}`,
		Timeout: time.Minute,
		Past:    Past{Typical: 900 * time.Millisecond, Spread: 0.4, Cores: 0.2, Memory: 22 * mib},
	},
	{
		Name: "日次バックアップ", Command: "daily_backup", Type: scheduler.TimeJob, Schedule: `{"kind": "daily", "time": "18:00"}`,
		Args: `{"target": "s3://backup/daily", "keep_days": 14}`, Timeout: time.Hour,
		Past: Past{Typical: 11 * time.Minute, Spread: 0.2, Failing: 0.03, Error: []string{diskQuota},
			Cores: 0.6, Memory: 90 * mib, Read: 20 * mib, Written: 20 * mib},
	},
	{
		Name: "日次売上集計", Command: "daily_sales", Type: scheduler.TimeJob, Schedule: `{"kind": "daily", "time": "15:30"}`,
		Timeout: 30 * time.Minute, Retries: 2, Backoff: 5 * time.Minute,
		Past: Past{Typical: 4 * time.Minute, Spread: 0.25, Failing: 0.03, Error: []string{deadlock}, Cores: 0.8, Memory: 500 * mib, Read: 4 * mib},
	},
	{
		Name: "Weekday digest", Command: "weekday_digest", Type: scheduler.TimeJob, Schedule: `{"kind": "weekdays", "time": "00:00"}`,
		Timeout: 10 * time.Minute,
		Past:    Past{Typical: 40 * time.Second, Spread: 0.2, Failing: 0.02, Error: []string{smtp}, Cores: 0.2, Memory: 60 * mib},
	},
	{
		Name: "平日朝会リマインダー", Command: "standup_reminder", Type: scheduler.TimeJob,
		Schedule: `{"kind": "weekdays", "time": "09:00", "timezone": "Asia/Tokyo"}`, Timeout: time.Minute,
		Past: Past{Typical: 700 * time.Millisecond, Spread: 0.2, Cores: 0.1, Memory: 20 * mib},
	},
	{
		Name: "週次棚卸", Command: "weekly_stocktaking", Type: scheduler.TimeJob,
		Schedule: `{"kind": "weekly", "weekday": 0, "time": "01:00"}`, Timeout: 2 * time.Hour,
		Past: Past{Typical: 24 * time.Minute, Spread: 0.1, Cores: 0.7, Memory: 700 * mib, Read: 6 * mib, Written: mib},
	},
	{
		Name: "Weekly vacuum", Command: "weekly_vacuum", Type: scheduler.TimeJob,
		Schedule: `{"kind": "weekly", "weekday": 6, "time": "17:00"}`, Timeout: 2 * time.Hour,
		Past: Past{Typical: 9 * time.Minute, Spread: 0.2, Cores: 0.4, Memory: 30 * mib, Read: 30 * mib, Written: 12 * mib},
	},
	{
		Name: "旧データ移行 (停止中)", Command: "legacy_migration", Type: scheduler.TimeJob, Disabled: true,
		Schedule: `{"kind": "every_n_minutes", "n": 5}`, Timeout: 5 * time.Minute,
	},
	{
		Name: "Lunar calendar sync", Command: "lunar_sync", Type: scheduler.TimeJob, Schedule: `{"kind": "lunar", "phase": "full"}`,
		Timeout: 5 * time.Minute, // never due: no scheduler knows that kind
	},
	{
		Name: HostileName, Command: "hostile_text", Type: scheduler.TimeJob, Schedule: `{"kind": "every_n_minutes", "n": 30}`,
		Args: `{"q": "'; DROP TABLE scheduler_job_runs; --", "html": "</script><script>alert(1)</script>"}`, Timeout: time.Minute,
		Past: Past{Typical: 500 * time.Millisecond, Spread: 0.3, Failing: 0.5, ExitCode: 66, Error: HostileErrors,
			Cores: 0.1, Memory: 20 * mib},
	},
}
