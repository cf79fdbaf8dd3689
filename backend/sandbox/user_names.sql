-- Who may use the Django application.
select username from auth_user;
