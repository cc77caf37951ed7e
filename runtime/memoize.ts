// Memoized functions: a call becomes a key, the key is looked up, and only a miss runs the function.

import { DEFAULT_WAIT_MS } from './claim.js'
import { copyOf, decode, EncodeError, encodeInPieces } from './codec.js'
import type { FunctionStamp } from './contract.js'
import { type Duration, parseDuration } from './duration.js'
import { isUseless, lookUp, type MissReason, readValue, save } from './entry.js'
import { MintmarkError } from './errors.js'
import { fly, isUnderWay } from './flight.js'
import { identify, type Keyed, noneLate } from './identity.js'
import type { Key } from './key.js'
import { type Mode, modeOf, resolveMode } from './mode.js'
import { recallNear } from './near.js'
import type { Pieces } from './pieces.js'
import { defaultStore, strictByEnvironment, thisProcess } from './settings.js'
import type { Store } from './store.js'
import { isTallied, noteHit, noteRun } from './tally.js'
import { takeTurn } from './turn.js'
import { warnOnce } from './warnings.js'

type AnyFunction = (...args: any[]) => unknown

export interface FunctionOptions<Args extends readonly unknown[] = any[]> {
  /** How long a result stays good: milliseconds, or `'10m'`, `'7d'`. Judged when it is read. Default: for ever. 0 never hits. */
  readonly ttl?: Duration
  /** Change it to leave all results so far behind. */
  readonly version?: string | number
  /** Keeps results of one purpose apart from those of another. */
  readonly salt?: string
  /** Environment variables that the result depends on. Their values enter the key as a keyed digest, never in clear. */
  readonly env?: readonly string[]
  /** Files that the result depends on, as globs from the folder of the source file: they count by content, at build time. */
  readonly include?: readonly string[]
  /** Default: the folder `.mintmark` in the current one. */
  readonly store?: Store
  /** The environment variable MINTMARK_MODE goes before it, unless it is `off`. Default: `default`. */
  readonly mode?: Mode
  /** What would run uncached, or not be stored, is an error. Default: true when MINTMARK_STRICT is `1`. */
  readonly strict?: boolean
  /** How long to wait for another process that is computing the same result: milliseconds, or `'10m'`, which is the default. 0: each computes its own. */
  readonly wait?: Duration
  /** What of the arguments counts. Default: all of them. */
  readonly inputs?: (...args: Args) => unknown
}

/** What one call may want otherwise. None of it is part of the key. */
export type CallOptions = Pick<FunctionOptions, 'ttl' | 'store' | 'mode' | 'strict' | 'wait'>

/** What a look at the store found. `unkeyed`: the function has no stamp, or an argument no stable bytes; `off`: the mode. */
export type Peek<Result> =
  | { readonly hit: true; readonly value: Result; readonly reason?: undefined }
  | { readonly hit: false; readonly reason: MissReason | 'unkeyed' | 'off'; readonly value?: undefined }

/** The function, always async. Keeps the type parameters of an async function. */
export type Memoized<F extends AnyFunction> = AsyncForm<F> & {
  /** Runs the function whatever is stored, and replaces that. */
  readonly force: AsyncForm<F>
  /** The stored result, without running anything. */
  readonly peek: (...args: Parameters<F>) => Promise<Peek<Awaited<ReturnType<F>>>>
  /** The key of a call. Throws why there is none: MM2101, MM2102, MM2103 or MM2104. */
  readonly key: (...args: Parameters<F>) => Key
  /** The same function under other options, for some calls: `embed.with({ mode: 'off' })(text)`. */
  readonly with: (options: CallOptions) => Memoized<F>
}

type AsyncForm<F extends AnyFunction> =
  ReturnType<F> extends Promise<unknown> ? F : (...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>>

/** What a flight brings: the value for the one who flew it, and bytes for copies; none when the value has no stable bytes. */
interface Outcome {
  readonly value: unknown
  readonly bytes: Pieces | undefined
}

/** The one output of a function. */
const RESULT = 'result'

/**
 * `fn`, skipped when this very code has already seen these very arguments; then the stored result comes back.
 *
 * What a call returns is decoded from the stored bytes, after a run as after a hit, so the two are deeply equal and every caller owns its
 * copy. Arguments are encoded before the function can change them. Concurrent calls with one key run once, those of other processes too as far as they
 * can be waited for; `force` always runs. What `fn`
 * throws is thrown on untouched and never stored. `this` is not passed. Trouble of the store is a miss and one warning.
 *
 * Uncached with one coded warning (an error when strict): without a stamp (MM2101) or with one of another version (MM2102), with an argument
 * (MM2103) or a captured variable (MM2104) that has no stable bytes. A result without stable bytes is returned as it is and not stored (MM2105).
 */
export function memoizeFunction<F extends AnyFunction>(fn: F, options: FunctionOptions<Parameters<F>> = {}): Memoized<F> {
  const ttlMs = options.ttl === undefined ? undefined : parseDuration(options.ttl)
  const waitMs = parseDuration(options.wait ?? DEFAULT_WAIT_MS)
  const late = noneLate()
  const isStrict = () => options.strict ?? strictByEnvironment()
  const storeOf = () => options.store ?? defaultStore()
  const modeNow = () => resolveMode(modeOf(undefined), options.mode)

  async function call(args: Parameters<F>, forced: boolean): Promise<unknown> {
    const mode = modeNow()
    if (mode === 'off') return fn(...args)
    const identity = identify(fn, args, options, late)
    if (identity.kind === 'unkeyed') {
      tell(identity.error, identity.about)
      return fn(...args)
    }
    const fresh = forced || mode === 'refresh'
    const store = storeOf()
    // A call joins what is under way, so that nobody gets what is being replaced.
    // Only calls with one policy fly together: what one finds fresh enough another may not.
    const flight = () => `${identity.key} ${ttlMs} ${mode}`
    if (!fresh && !isUnderWay(store, flight)) {
      const near = recallNear(store, identity.key, RESULT, { ttlMs, timed: isTallied })
      if (near !== undefined) {
        noteHit(store, identity.stamp.id, near.durationMs ?? 0)
        return near.value
      }
    }
    const { joined, shared, result } = await fly(store, flight(), !forced, () => obtain(args, identity, fresh, mode))
    // What is in pieces may be part of the value, which is for one caller alone.
    const isLarge = result.bytes !== undefined && result.bytes.length > 1
    if (!joined && !(shared && isLarge)) return result.value
    // Without bytes there is no copy to hand out, and one object for two callers is what no uncached call gives.
    return result.bytes === undefined ? fn(...args) : decode(result.bytes)
  }

  async function obtain(args: Parameters<F>, identity: Keyed, fresh: boolean, mode: Mode): Promise<Outcome> {
    const hit = (found: Recalled & { readonly kind: 'found' }) => {
      noteHit(storeOf(), identity.stamp.id, found.durationMs)
      return found
    }
    const found = fresh ? undefined : await recall(identity.key)
    if (found?.kind === 'found') return hit(found)
    const miss = { replace: fresh || found?.useless === true, why: found?.reason ?? 'refresh' }
    if (fresh || mode === 'readonly' || ttlMs === 0) return compute(args, identity, miss, mode)
    const look = async () => {
      const again = await recall(identity.key)
      return again.kind === 'found' ? again : undefined
    }
    const turn = await takeTurn(storeOf(), identity.key, identity.stamp.fingerprint, look, { waitMs })
    if (turn.kind === 'found') return hit(turn.found)
    try {
      return await compute(args, identity, miss, mode)
    } finally {
      await turn.release()
    }
  }

  /** `why`: the reason of the miss, or that it was asked for. */
  async function compute(
    args: Parameters<F>,
    { key, stamp }: Keyed,
    { replace, why }: { replace: boolean; why: string },
    mode: Mode,
  ): Promise<Outcome> {
    const began = performance.now()
    const value = await fn(...args)
    const durationMs = performance.now() - began
    noteRun(storeOf(), stamp.id, why, durationMs)
    const stored = encodeResult(value, stamp)
    if (stored === undefined) return { value, bytes: undefined }
    const { bytes, copy } = stored
    if (mode !== 'readonly') {
      const draft = { key, createdAt: Date.now(), writer: thisProcess(), durationMs, closure: stamp.fingerprint, step: stamp.id }
      // What is there and of no use must not stay, or it would be in the way for ever.
      await save(storeOf(), draft, { [RESULT]: bytes }, { replace, strict: isStrict() })
    }
    return { value: copy, bytes }
  }

  async function recall(key: Key): Promise<Recalled> {
    const access = { strict: isStrict() }
    const found = await lookUp(storeOf(), key, { ttlMs, now: Date.now(), ...access })
    if (found.kind === 'miss') return { ...found, useless: isUseless(found.reason) }
    const ref = found.entry.outputs[RESULT]
    if (ref === undefined) return { kind: 'miss', reason: 'damaged', useless: true }
    const output = await readValue(storeOf(), ref, access)
    return output.kind === 'miss'
      ? { ...output, useless: output.reason === 'absent' || isUseless(output.reason) }
      : { ...output, kind: 'found', durationMs: found.entry.durationMs }
  }

  /** `copy`: what a hit would return. */
  function encodeResult(value: unknown, stamp: FunctionStamp): { readonly bytes: Pieces; readonly copy: unknown } | undefined {
    try {
      const bytes = encodeInPieces(value)
      return { bytes, copy: copyOf(value, bytes) }
    } catch (cause) {
      if (!(cause instanceof MintmarkError)) throw cause
      const [path, type] = cause instanceof EncodeError ? [cause.path, cause.type] : ['$', 'a codec that cannot read what it wrote']
      const wayOut = (cause instanceof EncodeError && cause.wayOut) || 'Return plain data.'
      const message = `the result of \`${stamp.id}\` is not stored: \`${path}\` (${type}) has no stable bytes. ${wayOut}`
      tell(new MintmarkError('MM2105', message, { cause }), `${stamp.id} ${path}`)
      return undefined
    }
  }

  function tell(error: MintmarkError, about: string): void {
    if (isStrict()) throw error
    warnOnce(error.code, error.message.slice(error.code.length + 1), about)
  }

  async function peek(...args: Parameters<F>): Promise<Peek<unknown>> {
    if (modeNow() === 'off') return { hit: false, reason: 'off' }
    const identity = identify(fn, args, options, late)
    if (identity.kind === 'unkeyed') return { hit: false, reason: 'unkeyed' }
    const found = await recall(identity.key)
    return found.kind === 'found' ? { hit: true, value: found.value } : { hit: false, reason: found.reason }
  }

  function key(...args: Parameters<F>): Key {
    const identity = identify(fn, args, options, late)
    if (identity.kind === 'unkeyed') throw identity.error
    return identity.key
  }

  const memoized = (...args: Parameters<F>) => call(args, false)
  Object.defineProperty(memoized, 'name', { value: fn.name, configurable: true })
  return Object.assign(memoized, {
    force: (...args: Parameters<F>) => call(args, true),
    peek,
    key,
    with: (given: CallOptions) => memoizeFunction(fn, { ...options, ...given }),
  }) as unknown as Memoized<F>
}

/** `useless`: something is there, and nobody can ever use it. */
type Recalled =
  | { readonly kind: 'found'; readonly value: unknown; readonly bytes: Pieces; readonly durationMs: number }
  | { readonly kind: 'miss'; readonly reason: MissReason; readonly useless: boolean }
