-- Seals what the audit holds now, if that is more than at the last seal.
select seq from opsdeck.seal()
