/** The logins of `/login/jwt`, as their users see them: each is its family. */
import { type Purpose, subjectTagOf } from '../../storage/ports.ts'
import type { ListedSession, SessionKind } from '../session-kinds.ts'
import type { LivingFamily, RefreshFamilies } from './refresh-families.ts'
import { isFamilyId } from './refresh-token.ts'

export interface FamilySessionsDependencies {
  readonly families: Pick<RefreshFamilies, 'list' | 'peek' | 'kill'>
  readonly purpose: Purpose
}

export function familySessions({ families, purpose }: FamilySessionsDependencies): SessionKind {
  return {
    purpose: purpose.name,
    async list(sub) {
      const living = await families.list(subjectTagOf(sub))
      return living.map(toSession)
    },
    async end(sub, id) {
      if (!isFamilyId(id)) return false
      const place = { subjectTag: subjectTagOf(sub), id }
      // A kill waits for replicas, so it is for what is there to be killed.
      const [living] = await families.peek([place])
      return living !== undefined && (await families.kill(place)) !== undefined
    },
  }
}

function toSession({ rotatedAt, rotations, ...family }: LivingFamily): ListedSession {
  const { id, source, issuedAt, expiresAt, judgedAt } = family
  const times = { issuedAt, lastUsedAt: rotatedAt, expiresAt, judgedAt }
  return { id, source, refreshCount: rotations, ...times }
}
