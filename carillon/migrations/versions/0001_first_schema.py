"""The first schema: every table of every part, and the triggers that keep the audit append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Types as they were when this was written: a migration never imports today's models.
TEXT = sa.String
WHEN = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")

TABLES = (
    "teams",
    "users",
    "admin_setups",
    "owners",
    "owner_phones",
    "properties",
    "owner_properties",
    "equipment",
    "owner_terms",
    "tickets",
    "ticket_events",
    "ticket_days",
    "callbacks",
    "dispositions",
    "aux_reasons",
    "queues",
    "agents",
    "call_records",
    "call_facts",
    "agent_sessions",
    "recordings",
    "web_sessions",
    "audit",
    "checks",
    "wrap_ups",
)


def upgrade() -> None:
    _people()
    _owners()
    _tickets()
    _callbacks_and_codes()
    _settings_of_the_core()
    _records_of_the_core()
    _recordings()
    _console()
    _append_only("audit")
    _append_only("ticket_events")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION carillon_append_only()")


def _append_only(table: str) -> None:
    """Rows of `table` are only added: the database itself refuses to change or delete one."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN"
                f" SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION carillon_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION carillon_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION carillon_append_only()"
    )


def _people() -> None:
    op.create_table(
        "teams",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name_zh", TEXT, nullable=False),
        sa.Column("name_en", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
    )
    op.create_table(
        "users",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("team_id", TEXT, nullable=True),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("password_hash", TEXT, nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('agent','hotline_engineer','coordinator','field_engineer','supervisor','admin')", name="ck_users_known_role"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_users_team_id_teams"),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("login", name="uq_users_login"),
    )
    op.create_index("ix_users_team_id", "users", ["team_id"])
    op.create_table(
        "admin_setups",
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("expires_at", WHEN, nullable=False),
        sa.Column("used_at", WHEN, nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name="pk_admin_setups"),
    )


def _owners() -> None:
    op.create_table(
        "owners",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_key", KEY, nullable=False),
        sa.Column("level", TEXT, nullable=False),
        sa.Column("district", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("updated_at", WHEN, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_owners"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_owners_name_key", "owners", ["name_key"])
    op.create_table(
        "owner_phones",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("owner_id", TEXT, nullable=False),
        sa.Column("e164", KEY, nullable=False),
        sa.Column("backwards", KEY, nullable=False),
        sa.Column("raw", TEXT, nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name="fk_owner_phones_owner_id_owners", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_owner_phones"),
    )
    op.create_index("ix_owner_phones_backwards", "owner_phones", ["backwards"])
    op.create_index("ix_owner_phones_e164_owner_id", "owner_phones", ["e164", "owner_id", "is_primary"])
    op.create_index("ix_owner_phones_owner_id", "owner_phones", ["owner_id"])
    op.create_table(
        "properties",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("address_key", KEY, nullable=False),
        sa.Column("district", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_properties"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_properties_address_key", "properties", ["address_key"])
    op.create_table(
        "owner_properties",
        sa.Column("owner_id", TEXT, nullable=False),
        sa.Column("property_id", TEXT, nullable=False),
        sa.Column("relation", TEXT, nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name="fk_owner_properties_owner_id_owners", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["property_id"], ["properties.id"], name="fk_owner_properties_property_id_properties"),
        sa.PrimaryKeyConstraint("owner_id", "property_id", name="pk_owner_properties"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_owner_properties_property_id", "owner_properties", ["property_id"])
    op.create_table(
        "equipment",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("owner_id", TEXT, nullable=False),
        sa.Column("property_id", TEXT, nullable=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("model", TEXT, nullable=False),
        sa.Column("warranty_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name="fk_equipment_owner_id_owners", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["property_id"], ["properties.id"], name="fk_equipment_property_id_properties"),
        sa.PrimaryKeyConstraint("id", name="pk_equipment"),
    )
    op.create_index("ix_equipment_owner_id", "equipment", ["owner_id"])
    op.create_index("ix_equipment_property_id", "equipment", ["property_id"])
    op.create_table(
        "owner_terms",
        sa.Column("term", KEY, nullable=False),
        sa.Column("owner_id", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name="fk_owner_terms_owner_id_owners", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("term", "owner_id", name="pk_owner_terms"),
    )
    op.create_index("ix_owner_terms_owner_id", "owner_terms", ["owner_id"])


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("team_id", TEXT, nullable=True),
        sa.Column("owner_id", TEXT, nullable=True),
        sa.Column("property_id", TEXT, nullable=True),
        sa.Column("equipment", TEXT, nullable=False),
        sa.Column("symptom", TEXT, nullable=False),
        sa.Column("since_when", TEXT, nullable=False),
        sa.Column("service_mode", TEXT, nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("phone", TEXT, nullable=False),
        sa.Column("holder_role", TEXT, nullable=True),
        sa.Column("holder_agent", TEXT, nullable=True),
        sa.Column("due_at", WHEN, nullable=True),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("call_id", TEXT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('request','task_sheet')", name="ck_tickets_known_kind"),
        sa.CheckConstraint("state IN ('open','handed_over','in_progress','solved','closed')", name="ck_tickets_known_state"),
        sa.PrimaryKeyConstraint("id", name="pk_tickets"),
        sa.UniqueConstraint("number", "day", name="uq_tickets_number_day"),
    )
    op.create_index("ix_tickets_call_id", "tickets", ["call_id"])
    op.create_index("ix_tickets_created_at_id", "tickets", ["created_at", "id"])
    op.create_index("ix_tickets_holder_agent", "tickets", ["holder_agent"])
    op.create_index("ix_tickets_kind_state_due_at", "tickets", ["kind", "state", "due_at"])
    op.create_index("ix_tickets_owner_id_created_at", "tickets", ["owner_id", "created_at"])
    unfinished = sa.text("state NOT IN ('closed', 'solved')")
    op.create_index(
        "ix_tickets_unfinished", "tickets", ["owner_id", "due_at"], sqlite_where=unfinished, postgresql_where=unfinished
    )
    op.create_index("ix_tickets_state_due_at", "tickets", ["state", "due_at"])
    op.create_index("ix_tickets_team_id", "tickets", ["team_id"])
    op.create_table(
        "ticket_events",
        sa.Column("ticket_id", TEXT, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("params", JSON, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_ticket_events_ticket_id_tickets"),
        sa.PrimaryKeyConstraint("ticket_id", "seq", name="pk_ticket_events"),
    )
    op.create_table(
        "ticket_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_ticket_days"),
    )


def _callbacks_and_codes() -> None:
    op.create_table(
        "callbacks",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("owner_id", TEXT, nullable=True),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("due_at", WHEN, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("agent_id", TEXT, nullable=True),
        sa.Column("team_id", TEXT, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("ticket_id", TEXT, nullable=True),
        sa.Column("call_id", TEXT, nullable=True),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.Column("announced_at", WHEN, nullable=True),
        sa.Column("closed_at", WHEN, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open','done','cancelled')", name="ck_callbacks_known_state"),
        sa.PrimaryKeyConstraint("id", name="pk_callbacks"),
    )
    op.create_index("ix_callbacks_agent_id", "callbacks", ["agent_id"])
    op.create_index("ix_callbacks_call_id", "callbacks", ["call_id"])
    op.create_index("ix_callbacks_owner_id_state_due_at", "callbacks", ["owner_id", "state", "due_at"])
    op.create_index("ix_callbacks_state_due_at_id", "callbacks", ["state", "due_at", "id"])
    op.create_index("ix_callbacks_team_id", "callbacks", ["team_id"])
    op.create_index("ix_callbacks_ticket_id", "callbacks", ["ticket_id"])
    op.create_table(
        "dispositions",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name_zh", TEXT, nullable=False),
        sa.Column("name_en", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dispositions"),
    )
    op.create_table(
        "aux_reasons",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name_zh", TEXT, nullable=False),
        sa.Column("name_en", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_aux_reasons"),
    )


def _settings_of_the_core() -> None:
    op.create_table(
        "queues",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name_zh", TEXT, nullable=False),
        sa.Column("name_en", TEXT, nullable=False),
        sa.Column("skills", JSON, nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("target_s", sa.Integer(), nullable=False),
        sa.Column("short_abandon_s", sa.Integer(), nullable=False),
        sa.Column("record", sa.Boolean(), nullable=False),
        sa.Column("team_id", TEXT, nullable=True),
        sa.Column("default_wrap_up_s", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_queues"),
    )
    op.create_index("ix_queues_team_id", "queues", ["team_id"])
    op.create_table(
        "agents",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("skills", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agents"),
        sa.UniqueConstraint("number", name="uq_agents_number"),
        sa.UniqueConstraint("user_id", name="uq_agents_user_id"),
    )


def _records_of_the_core() -> None:
    op.create_table(
        "call_records",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("direction", TEXT, nullable=False),
        sa.Column("switch", TEXT, nullable=False),
        sa.Column("uniqueid", TEXT, nullable=False),
        sa.Column("sip_call_id", TEXT, nullable=False),
        sa.Column("from_e164", TEXT, nullable=False),
        sa.Column("from_raw", TEXT, nullable=False),
        sa.Column("from_name", TEXT, nullable=False),
        sa.Column("to_number", TEXT, nullable=False),
        sa.Column("queue", TEXT, nullable=True),
        sa.Column("language", TEXT, nullable=True),
        sa.Column("agent_id", TEXT, nullable=True),
        sa.Column("engineer_id", TEXT, nullable=True),
        sa.Column("owner_id", TEXT, nullable=True),
        sa.Column("ticket_id", TEXT, nullable=True),
        sa.Column("callback_id", TEXT, nullable=True),
        sa.Column("disposition", TEXT, nullable=True),
        sa.Column("started_at", WHEN, nullable=False),
        sa.Column("queued_at", WHEN, nullable=True),
        sa.Column("answered_at", WHEN, nullable=True),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.Column("wait_s", sa.Double(), nullable=False),
        sa.Column("talk_s", sa.Double(), nullable=False),
        sa.Column("hold_s", sa.Double(), nullable=False),
        sa.Column("ended_by", TEXT, nullable=True),
        sa.Column("end_reason", TEXT, nullable=True),
        sa.Column("rebuilt", sa.Boolean(), nullable=False),
        sa.Column("team_id", TEXT, nullable=True),
        sa.Column("legs", JSON, nullable=False),
        sa.Column("recording_id", TEXT, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_call_records"),
    )
    op.create_index("ix_call_records_agent_id_started_at", "call_records", ["agent_id", "started_at"])
    op.create_index("ix_call_records_engineer_id_started_at", "call_records", ["engineer_id", "started_at"])
    op.create_index("ix_call_records_from_e164_started_at", "call_records", ["from_e164", "started_at"])
    op.create_index("ix_call_records_owner_id_started_at", "call_records", ["owner_id", "started_at"])
    op.create_index("ix_call_records_queue_started_at", "call_records", ["queue", "started_at"])
    op.create_index("ix_call_records_sip_call_id", "call_records", ["sip_call_id"])
    op.create_index("ix_call_records_started_at_id", "call_records", ["started_at", "id"])
    op.create_index("ix_call_records_team_id_started_at", "call_records", ["team_id", "started_at"])
    op.create_index("ix_call_records_ticket_id", "call_records", ["ticket_id"])
    op.create_index("ix_call_records_to_number", "call_records", ["to_number"])
    op.create_table(
        "call_facts",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("call_id", TEXT, nullable=True),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("agent_id", TEXT, nullable=True),
        sa.Column("data", JSON, nullable=False),
        sa.Column("v", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_call_facts"),
    )
    op.create_index("ix_call_facts_agent_id_at", "call_facts", ["agent_id", "at"])
    op.create_index("ix_call_facts_call_id_seq", "call_facts", ["call_id", "seq"])
    op.create_index("ix_call_facts_seq", "call_facts", ["seq"])
    op.create_table(
        "agent_sessions",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("agent_id", TEXT, nullable=False),
        sa.Column("from_at", WHEN, nullable=False),
        sa.Column("to_at", WHEN, nullable=True),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agent_sessions"),
    )
    op.create_index("ix_agent_sessions_agent_id_from_at", "agent_sessions", ["agent_id", "from_at"])
    op.create_index("ix_agent_sessions_from_at", "agent_sessions", ["from_at"])


def _recordings() -> None:
    op.create_table(
        "recordings",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("call_id", TEXT, nullable=False),
        sa.Column("team_id", TEXT, nullable=True),
        sa.Column("queue", TEXT, nullable=True),
        sa.Column("agent_id", TEXT, nullable=True),
        sa.Column("file", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("channels", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("started_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.CheckConstraint("status IN ('recording','final','partial','failed')", name="ck_recordings_known_status"),
        sa.PrimaryKeyConstraint("id", name="pk_recordings"),
    )
    op.create_index("ix_recordings_call_id", "recordings", ["call_id"])
    op.create_index("ix_recordings_team_id_started_at", "recordings", ["team_id", "started_at"])


def _console() -> None:
    op.create_table(
        "web_sessions",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("csrf", TEXT, nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("seen_at", WHEN, nullable=False),
        sa.Column("expires_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("user_agent", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_web_sessions"),
    )
    op.create_index("ix_web_sessions_expires_at", "web_sessions", ["expires_at"])
    op.create_index("ix_web_sessions_user_id", "web_sessions", ["user_id"])
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("object", TEXT, nullable=False),
        sa.Column("result", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("request", TEXT, nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("prev_hash", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("key_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
    )
    op.create_index("ix_audit_action_at", "audit", ["action", "at"])
    op.create_index("ix_audit_actor_at", "audit", ["actor", "at"])
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_table(
        "checks",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("agent_id", TEXT, nullable=True),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("result", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_checks"),
    )
    op.create_index("ix_checks_user_id_at", "checks", ["user_id", "at"])
    op.create_table(
        "wrap_ups",
        sa.Column("call_id", TEXT, nullable=False),
        sa.Column("agent_id", TEXT, nullable=False),
        sa.Column("disposition", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("call_id", name="pk_wrap_ups"),
    )
