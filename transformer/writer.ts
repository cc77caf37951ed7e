// Where a normal form is written to: tagged, length-prefixed tokens in one list, names replaced by positions.
// Everything that bears on a fingerprint goes through here, so this file and normalize.ts are what FORMAT counts.

import { type Digest, digest } from '../runtime/contract.js'
import type { Local } from './scope.js'
import { ASKED, ASSIGNED, CALLED, DECORATES, FEELS_FIELDS, type Fragment, type Glob, type Mention, READ } from './summary.js'

export interface Writer {
  /** Writes a word of the fixed vocabulary. */
  tag(word: string): void
  text(value: string): void
  count(n: number): void
  /** Writes the position of a local name: the order of first occurrence in this fragment. */
  local(local: Local): void
  /** Keeps a place that `fill` may write to later. */
  reserve(): (token: string) => void
  /** The token of a local name that has occurred already. */
  seen(local: Local): string | undefined
  /** Declares a label for what `write` writes. */
  inLabel(name: string, write: () => void): void
  label(name: string): void
  /** Writes the position of a mention; the linker makes it an edge. */
  mention(kind: Mention['kind'], name: string, use: number, at: number, member?: string, inner?: string): void
  property(name: string): void
  /** A name that nothing in the module binds, or members of one: the normal form has its text already. */
  free(chain: string): void
  glob(glob: Glob): void
  /** A name in a type beside a decorator. */
  type(name: string, at: number): void
  trait(bits: number): void
  /** What `write` mentions stands in a decorator. */
  inDecorator(write: () => void): void
  /** Writes tokens that are there only where class fields define (`useDefineForClassFields`). */
  whereFieldsDefine(write: () => void): void
  fragment(): Fragment
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const FIELD = '\u0000'

export function openWriter(): Writer {
  return new TokenWriter()
}

/** There is one for each declaration of a project: a class, so that they share their functions, and no collection before something is in it. */
class TokenWriter implements Writer {
  private readonly parts: string[] = []
  private readonly mentions: Mutable<Mention>[] = []
  private readonly properties: string[] = []
  private traits = 0
  private also = 0
  private places: Map<string, number[]> | undefined
  private locals: Map<Local, number> | undefined
  private named: Set<string> | undefined
  private labels: string[] | undefined
  private chains: Set<string> | undefined
  private globs: Glob[] | undefined
  private types: Mention[] | undefined

  tag(word: string): void {
    this.parts.push(word)
  }

  text(value: string): void {
    this.parts.push(value.isWellFormed() ? `${value.length}:${value}` : `u${JSON.stringify(value)}`)
  }

  count(n: number): void {
    this.parts.push(`#${n}`)
  }

  local(local: Local): void {
    const locals = (this.locals ??= new Map())
    let index = locals.get(local)
    if (index === undefined) locals.set(local, (index = locals.size))
    this.parts.push(`l${index}`)
  }

  reserve(): (token: string) => void {
    const { parts } = this
    const place = parts.push('') - 1
    return (token) => void (parts[place] = token)
  }

  seen(local: Local): string | undefined {
    const index = this.locals?.get(local)
    return index === undefined ? undefined : `l${index}`
  }

  inLabel(name: string, write: () => void): void {
    const labels = (this.labels ??= [])
    labels.push(name)
    write()
    labels.pop()
  }

  label(name: string): void {
    this.parts.push(`j${this.labels === undefined ? -1 : this.labels.lastIndexOf(name)}`)
  }

  mention(kind: Mention['kind'], name: string, given: number, at: number, member?: string, inner?: string): void {
    const { mentions } = this
    const isAsked = (given & ASKED) !== 0 || given === ASSIGNED
    const use = (given & ~ASKED) | this.also
    const places = (this.places ??= new Map())
    let same = places.get(name)
    if (same === undefined) places.set(name, (same = []))
    for (const index of same) {
      const mention = mentions[index]!
      if (mention.kind !== kind || mention.member !== member || mention.inner !== inner) continue
      mention.use |= use
      if (!isAsked) delete mention.asked
      this.parts.push(`m${index}`)
      return
    }
    const mention: Mutable<Mention> = { kind, name, use, at }
    if (member !== undefined) mention.member = member
    if (inner !== undefined) mention.inner = inner
    if (isAsked) mention.asked = true
    const index = mentions.push(mention) - 1
    same.push(index)
    this.parts.push(`m${index}`)
  }

  property(name: string): void {
    const named = (this.named ??= new Set())
    if (named.has(name)) return
    named.add(name)
    this.properties.push(name)
  }

  free(chain: string): void {
    ;(this.chains ??= new Set()).add(chain)
  }

  glob(glob: Glob): void {
    ;(this.globs ??= []).push(glob)
  }

  type(name: string, at: number): void {
    ;(this.types ??= []).push({ kind: 'binding', name, use: READ | CALLED, at })
  }

  trait(bits: number): void {
    this.traits |= bits
  }

  inDecorator(write: () => void): void {
    this.also = DECORATES
    write()
    this.also = 0
  }

  whereFieldsDefine(write: () => void): void {
    const { parts } = this
    const from = parts.length
    write()
    for (let i = from; i < parts.length; i++) parts[i] = FIELD + parts[i]
    this.traits |= FEELS_FIELDS
  }

  fragment(): Fragment {
    const { parts, mentions, properties, traits } = this
    const feelsFields = (traits & FEELS_FIELDS) !== 0
    const own = feelsFields ? parts.map((p) => (p.startsWith(FIELD) ? p.slice(1) : p)) : parts
    const fragment: Mutable<Fragment> = { own: digest(own.join(' ')), mentions, properties, traits }
    if (feelsFields) fragment.ownAssign = digestAssigned(parts)
    if (this.chains !== undefined) fragment.free = [...this.chains].sort()
    if (this.globs !== undefined) fragment.globs = this.globs
    if (this.types !== undefined) fragment.types = this.types
    return fragment
  }
}

function digestAssigned(parts: readonly string[]): Digest {
  return digest(`assign ${parts.filter((p) => !p.startsWith(FIELD)).join(' ')}`)
}
