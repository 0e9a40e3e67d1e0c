/** The variables of the audit. */
import { clientSecret, integer, readBy } from '../../variable-kinds.ts'

export const auditVariables = {
  AUDIT_HASH_SECRET: readBy('auth')(clientSecret()),
  AUDIT_RETENTION_DAYS: readBy('pruneAudit')(integer(365, 1, 36_500)),
}
