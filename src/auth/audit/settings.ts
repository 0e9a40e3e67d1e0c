/** The variables of the audit. */
import { clientSecret, demoClientSecret, integer, readBy } from '../../variable-kinds.ts'
import type { Definition } from '../capability.ts'

export const auditVariables = {
  AUDIT_HASH_SECRET: readBy('auth')(clientSecret()),
  AUDIT_RETENTION_DAYS: readBy('pruneAudit')(integer(365, 1, 36_500)),
}

type Check = NonNullable<Definition<typeof auditVariables>['check']>

export const checkVariables: Check = ({ values, core, programs }, problems) => {
  if (core.APP_ENV !== 'production' || !programs.includes('auth')) return
  if (values.AUDIT_HASH_SECRET !== demoClientSecret) return
  const sentence =
    'AUDIT_HASH_SECRET must not be the well-known secret of the demo in production: whoever knows it can guess user names.'
  problems.add(sentence, 'AUDIT_HASH_SECRET')
}
