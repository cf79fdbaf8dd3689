-- What is wrong with the audit, if anything is, from a seal on that somebody has seen; null = from its beginning.
select v.ok, coalesce(v.checked, 0) as checked, coalesce(v.problem, '') as problem, coalesce(v.audit_id, 0) as audit_id,
  coalesce(v.login, '') as login, coalesce(v.actor, '') as actor, coalesce(v.seq, 0) as seq,
  coalesce(v.seal, 0) as seal, coalesce(encode(v.seal_digest, 'hex'), '') as digest
from opsdeck.audit_verify(@from_seal::bigint, decode(@pinned::text, 'hex')) v
