import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scheduler", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="JobDefinition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("enabled", models.BooleanField(default=True)),
                ("type", models.CharField(choices=[("time", "time"), ("event", "event")], max_length=16)),
                ("command_name", models.CharField(max_length=200)),
                ("default_args_json", models.JSONField(default=dict)),
                ("schedule", models.JSONField(default=dict)),
                ("timeout_seconds", models.IntegerField(default=0)),
                ("max_retries", models.IntegerField(default=0)),
                ("retry_backoff_seconds", models.IntegerField(default=0)),
                ("concurrency_policy", models.CharField(default="forbid", max_length=16)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={"db_table": "scheduler_job_definitions"},
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_type", models.CharField(max_length=128)),
                ("payload_json", models.JSONField(default=dict)),
                ("dedupe_key", models.CharField(blank=True, default="", max_length=256)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("processed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={"db_table": "scheduler_events"},
        ),
        migrations.CreateModel(
            name="JobRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scheduled_for", models.DateTimeField(blank=True, null=True)),
                ("assigned_at", models.DateTimeField(blank=True, null=True)),
                ("assigned_worker_id", models.CharField(blank=True, default="", max_length=128)),
                ("state", models.CharField(default="PENDING", max_length=16)),
                ("attempt", models.IntegerField(default=0)),
                ("version", models.IntegerField(default=0)),
                ("leader_epoch", models.BigIntegerField(blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("exit_code", models.IntegerField(blank=True, null=True)),
                ("error_summary", models.TextField(blank=True, default="")),
                ("log_ref", models.CharField(blank=True, default="", max_length=512)),
                ("idempotency_key", models.CharField(blank=True, default="", max_length=256)),
                ("continuation_state", models.CharField(default="NONE", max_length=16)),
                ("continuation_check_started_at", models.DateTimeField(blank=True, null=True)),
                ("continuation_check_deadline_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "job_definition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="runs", to="scheduler.jobdefinition"
                    ),
                ),
            ],
            options={"db_table": "scheduler_job_runs"},
        ),
        migrations.AddIndex(
            model_name="jobdefinition", index=models.Index(fields=["enabled"], name="sched_jobdef_enabled")
        ),
        migrations.AddIndex(
            model_name="jobdefinition", index=models.Index(fields=["type"], name="sched_jobdef_type")
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["processed_at", "created_at"], name="sched_event_proc_created"),
        ),
        migrations.AddConstraint(
            model_name="jobrun",
            constraint=models.UniqueConstraint(
                fields=("job_definition", "scheduled_for"), name="sched_jobrun_unique_schedule"
            ),
        ),
        migrations.AddIndex(
            model_name="jobrun",
            index=models.Index(fields=["state", "scheduled_for"], name="sched_jobrun_state_scheduled"),
        ),
        migrations.AddIndex(
            model_name="jobrun",
            index=models.Index(fields=["assigned_worker_id", "state"], name="sched_jobrun_worker_state"),
        ),
        migrations.AddIndex(
            model_name="jobrun", index=models.Index(fields=["created_at"], name="sched_jobrun_created_at")
        ),
    ]
