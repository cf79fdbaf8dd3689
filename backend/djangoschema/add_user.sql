-- One user as Django's create_user writes it; Django keeps no defaults in the database.
insert into auth_user
    (username, password, is_active, is_superuser, is_staff, first_name, last_name, email, date_joined)
values (@username, @password, @active, @superuser, @superuser, '', '', '', now())
returning id;
