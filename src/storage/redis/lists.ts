/**
 * Lists in a Cluster: a script for each subject, because they live in different slots. All are sent at once, so each node
 * gets its own in one go.
 */
import { type LivingToken, PartlyUnavailable, type TokenKey } from '../ports.ts'

type Answers = (LivingToken | undefined)[]

/** Where nothing of a list could be asked about, that is a fault; where some could, they are told all the same. */
export async function askApart(
  keys: readonly TokenKey[],
  askTogether: (keys: readonly TokenKey[]) => Promise<Answers>,
): Promise<Answers> {
  const groups = placesBySubject(keys)
  const settled = await Promise.allSettled(
    groups.map((places) => askTogether(places.map((place) => keys[place] as TokenKey))), // as counted
  )
  const answers = new Array<LivingToken | undefined | 'unavailable'>(keys.length).fill(
    'unavailable',
  )
  const faults: unknown[] = []
  for (const [index, outcome] of settled.entries()) {
    if (outcome.status === 'rejected') faults.push(outcome.reason)
    else
      groups[index]?.forEach((place, nth) => {
        answers[place] = outcome.value[nth]
      })
  }
  if (faults.length === groups.length) throw faults[0]
  if (faults.length > 0) throw new PartlyUnavailable(answers, { cause: faults[0] })
  return answers as Answers // no group failed, so each place was filled
}

function placesBySubject(keys: readonly TokenKey[]): readonly (readonly number[])[] {
  const places = new Map<string, number[]>()
  for (const [place, { subjectTag }] of keys.entries()) {
    const others = places.get(subjectTag)
    if (others === undefined) places.set(subjectTag, [place])
    else others.push(place)
  }
  return [...places.values()]
}
