-- The index that finds text in errors.
insert into error_text (rowid, text) select n, error from run where error <> ''
