-- Puts the rows on the chain that were there before. They can't change any more, so nobody is kept waiting however many
-- there are.
set local role {{.Audit}};
select case when chained then 0 else opsdeck._audit_chain_old() end from opsdeck.audit_taken;
reset role;
