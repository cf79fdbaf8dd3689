-- The epochs of leaders that assigned runs, with when each first did.
select epoch, '', first_assigned from epoch where first_assigned <= @at order by epoch desc limit @page
