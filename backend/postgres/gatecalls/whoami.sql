-- Whom the gate takes us for, and what it lets us do.
select login, current_database()::text as database, username, mapped, active, ops_view, ops_operator, ops_admin from opsdeck.whoami()
