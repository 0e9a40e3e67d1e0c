/** Why a program cannot start, in a sentence for whoever starts it. It repeats no secret. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
