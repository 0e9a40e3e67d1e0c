/**
 * `POST /refresh`: a refresh token for a new pair. The pair is made before the one step that decides, so that the store
 * can keep the answer together with the decision: whoever asks again with the same token gets the same bytes. Those who
 * lose throw their pair away; nobody has seen it.
 */
import { endpoint } from '../../http/endpoint.ts'
import { Refusal } from '../../http/refusal.ts'
import { object, text } from '../../http/shape.ts'
import type { Log } from '../../log.ts'
import type { UserStore } from '../../storage/ports.ts'
import type { Report } from '../security-events.ts'
import type { AccessTokens } from './access-tokens.ts'
import { answerOf, type RefreshAnswer, refreshAnswer } from './refresh-answer.ts'
import type { LivingFamily, RefreshFamilies } from './refresh-families.ts'
import {
  followingRefreshToken,
  hashOf,
  isRefreshTokenShape,
  placeOf,
  type RefreshToken,
} from './refresh-token.ts'
import { openAnswer, sealAnswer } from './sealing.ts'

export interface RefreshDependencies {
  readonly families: RefreshFamilies
  readonly accessTokens: AccessTokens
  readonly users: UserStore
  readonly retrySeconds: number
  readonly report: Report
  readonly log: Log
}

interface Origin {
  readonly requestId: string
  readonly source: string
}

const body = { shape: object({ refresh_token: text() }), formats: ['json', 'form'] } as const

export function refresh(dependencies: RefreshDependencies) {
  const { families, accessTokens, users, retrySeconds, report, log } = dependencies

  return endpoint({
    summary: 'Redeem a refresh token for new tokens',
    access: 'anybody',
    refusals: ['invalid_grant'],
    body,
    answers: { 200: refreshAnswer },
  }).handle(async (call) => {
    const { refresh_token: presented } = await call.body()
    if (!isRefreshTokenShape(presented)) throw deadToken()
    const [family] = await families.peek([placeOf(presented)])
    if (family === undefined) throw deadToken()
    await checkUser(family)
    return { status: 200, body: await rotate(presented, family, call) }
  })

  /** The marks end the families of whoever is disabled or deleted; this refuses also while they are on their way. */
  async function checkUser({ sub }: LivingFamily): Promise<void> {
    const user = await users.findById(sub)
    if (user === undefined || user.isDisabled) throw deadToken()
  }

  async function rotate(
    presented: RefreshToken,
    family: LivingFamily,
    { requestId, source }: Origin,
  ): Promise<RefreshAnswer> {
    const { id: sid, sub, clientId, scope } = family
    const next = followingRefreshToken(presented)
    const answer = answerOf(await accessTokens.mint({ sub, sid, clientId, scope }), next, family)
    const outcome = await families.rotate(placeOf(presented), {
      presented: hashOf(presented),
      next: hashOf(next),
      sealedAnswer: sealAnswer(JSON.stringify(answer), presented),
      retrySeconds,
    })
    switch (outcome.kind) {
      case 'rotated':
        return answer
      case 'repeat':
        return refreshAnswer.check(JSON.parse(openAnswer(outcome.sealedAnswer, presented)))
      case 'reused':
        log.warn('a spent refresh token ended its login', {
          request_id: requestId,
          sub,
          session: sid,
        })
        report({ type: 'refresh_reused', requestId, source, sub, session: sid })
        throw deadToken()
      case 'unknown':
        throw deadToken()
    }
  }
}

/** One refusal for every reason. */
function deadToken(): Refusal {
  return new Refusal('invalid_grant', 'The refresh token is unknown or no longer alive.')
}
