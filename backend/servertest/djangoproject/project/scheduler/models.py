"""The scheduler's tables. Defaults are Django's: the database has none."""

from django.db import models


class SchedulerSetting(models.Model):
    key = models.CharField(max_length=128, unique=True)
    value_json = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "scheduler_settings"


class AdminActionLog(models.Model):
    actor = models.CharField(max_length=150, blank=True, default="")
    action = models.CharField(max_length=128)
    target = models.CharField(max_length=256, blank=True, default="")
    payload_json = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "scheduler_admin_action_logs"
        indexes = [
            models.Index(fields=["created_at"], name="sched_audit_created_at"),
            models.Index(fields=["action"], name="sched_audit_action"),
        ]


class JobDefinition(models.Model):
    name = models.CharField(max_length=200)
    enabled = models.BooleanField(default=True)
    type = models.CharField(max_length=16, choices=[("time", "time"), ("event", "event")])
    command_name = models.CharField(max_length=200)
    default_args_json = models.JSONField(default=dict)
    schedule = models.JSONField(default=dict)
    timeout_seconds = models.IntegerField(default=0)
    max_retries = models.IntegerField(default=0)
    retry_backoff_seconds = models.IntegerField(default=0)
    concurrency_policy = models.CharField(max_length=16, default="forbid")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "scheduler_job_definitions"
        indexes = [
            models.Index(fields=["enabled"], name="sched_jobdef_enabled"),
            models.Index(fields=["type"], name="sched_jobdef_type"),
        ]


class Event(models.Model):
    event_type = models.CharField(max_length=128)
    payload_json = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=256, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "scheduler_events"
        indexes = [models.Index(fields=["processed_at", "created_at"], name="sched_event_proc_created")]


class JobRun(models.Model):
    job_definition = models.ForeignKey(JobDefinition, on_delete=models.CASCADE, related_name="runs")
    scheduled_for = models.DateTimeField(null=True, blank=True)
    assigned_at = models.DateTimeField(null=True, blank=True)
    assigned_worker_id = models.CharField(max_length=128, blank=True, default="")
    state = models.CharField(max_length=16, default="PENDING")
    attempt = models.IntegerField(default=0)
    version = models.IntegerField(default=0)
    leader_epoch = models.BigIntegerField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    exit_code = models.IntegerField(null=True, blank=True)
    error_summary = models.TextField(blank=True, default="")
    log_ref = models.CharField(max_length=512, blank=True, default="")
    idempotency_key = models.CharField(max_length=256, blank=True, default="")
    continuation_state = models.CharField(max_length=16, default="NONE")
    continuation_check_started_at = models.DateTimeField(null=True, blank=True)
    continuation_check_deadline_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    resource_cpu_seconds_total = models.FloatField(null=True, blank=True)
    resource_io_read_bytes = models.BigIntegerField(null=True, blank=True)
    resource_io_write_bytes = models.BigIntegerField(null=True, blank=True)
    resource_peak_rss_bytes = models.BigIntegerField(null=True, blank=True)

    class Meta:
        db_table = "scheduler_job_runs"
        constraints = [
            models.UniqueConstraint(fields=["job_definition", "scheduled_for"], name="sched_jobrun_unique_schedule")
        ]
        indexes = [
            models.Index(fields=["state", "scheduled_for"], name="sched_jobrun_state_scheduled"),
            models.Index(fields=["assigned_worker_id", "state"], name="sched_jobrun_worker_state"),
            models.Index(fields=["created_at"], name="sched_jobrun_created_at"),
        ]


class ConfigReloadRequest(models.Model):
    requested_by = models.CharField(max_length=150, blank=True, default="")
    requested_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField(max_length=16, default="PENDING")
    applied_at = models.DateTimeField(null=True, blank=True)
    leader_worker_id = models.CharField(max_length=128, blank=True, default="")
    leader_epoch = models.BigIntegerField(null=True, blank=True)
    result_json = models.JSONField(default=dict)

    class Meta:
        db_table = "scheduler_config_reload_requests"
        indexes = [
            models.Index(fields=["status", "requested_at"], name="sched_reload_status_req"),
            models.Index(fields=["requested_at"], name="sched_reload_requested_at"),
        ]


class SchedulerSettingHelp(models.Model):
    # The application in the field leaves this to DEFAULT_AUTO_FIELD although its migration made an integer, so its
    # `makemigrations --check` reports a difference. Here the model says what the table has.
    id = models.AutoField(primary_key=True)
    key = models.CharField(max_length=128, unique=True)
    title = models.CharField(max_length=200, blank=True, default="")
    description = models.TextField(blank=True, default="")
    impact = models.TextField(blank=True, default="")
    editable = models.BooleanField(default=True)
    input_type = models.CharField(max_length=16, default="text")
    enum_values_json = models.JSONField(default=list)
    is_secret = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)
    constraints_json = models.JSONField(default=dict)
    examples_json = models.JSONField(default=list)

    class Meta:
        db_table = "scheduler_setting_help"
