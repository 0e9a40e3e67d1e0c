/** Signing keys in the memory of one process, whose end ends all that they signed. */
import { type SigningKey, type SigningKeys, stateOf } from './signing-keys.ts'

export function memorySigningKeys({ now }: { readonly now: () => number }): SigningKeys {
  let line: readonly SigningKey[] = []

  function endless({ kid, sealed }: Pick<SigningKey, 'kid' | 'sealed'>, currentAt: number) {
    return { kid, sealed, currentAt, retiredAt: undefined, removedAt: undefined }
  }

  return {
    async read() {
      const judgedAt = now()
      line = line.filter((key) => stateOf(key, judgedAt) !== 'removed')
      return { keys: line.map((key) => ({ ...key })), judgedAt }
    },
    async begin(key) {
      if (line.length > 0) return false
      line = [endless(key, now())]
      return true
    },
    async rotate(key, { publishedBeforeMilliseconds, publishedAfterMilliseconds }) {
      const at = now()
      const last = line.at(-1)
      if (last === undefined || at < last.currentAt) return false
      const retiredAt = at + publishedBeforeMilliseconds
      const ending = { ...last, retiredAt, removedAt: retiredAt + publishedAfterMilliseconds }
      line = [...line.slice(0, -1), ending, endless(key, retiredAt)]
      return true
    },
    async replaceAll(last, key) {
      if (line.at(-1)?.kid !== last) return false
      line = [endless(key, now())]
      return true
    },
  }
}
