-- How far the audit is sealed, and whether every row is on a chain. The newest seal digests every one before.
select seal.seq, seal.sealed_at, seal.sealed_by, encode(seal.digest, 'hex') as digest,
  (select taken and chained from opsdeck.audit_taken) as complete
from (select 1) one
left join lateral (select seq, sealed_at, sealed_by, digest from opsdeck.seals order by seq desc limit 1) seal on true
