// Stamps in files that a watching compiler has emitted before. An edit of a helper changes nothing in the file with the steps but their
// fingerprints, and having it checked and emitted again costs far more than finding them out. So they are put into the emitted text in place
// of those before, as soon as the compiler has emitted the file that was edited. Where more than fingerprints has changed, or the emitted
// text is not what it was, or nothing else is emitted, the file gets a version that is new to the compiler.

import { readFileSync, writeFileSync } from 'node:fs'
import type ts from 'typescript'
import { digest } from '../runtime/contract.js'
import { isWatching } from './neighbours.js'
import type { Stamps } from './stamped.js'
import { ownVersion } from './versions.js'

type StepsByFile = ReadonlyMap<string, Stamps>

export interface Restamping {
  /** What goes after the file's own version. */
  versionOf(file: ts.SourceFile): string
  /** A `writeFile` that notes which stamps are where. */
  noting(write: ts.WriteFileCallback): ts.WriteFileCallback
  /** Once the compiler has emitted code of this program, the stamps that rest on it follow. The files that have to be emitted for that after all. */
  follow(): readonly string[]
}

/** What one watching compiler has on disk. */
interface Emission {
  readonly options: ts.CompilerOptions
  /** Versions of the files of the last program, as they are without us, and what went after them. */
  versions: ReadonlyMap<string, string | undefined>
  readonly suffixes: Map<string, string>
  /** The stamps that were emitted last, by source file. */
  readonly emitted: Map<string, Emitted>
  count: number
}

interface Emitted {
  readonly stamps: string
  readonly output: string
}

const FINGERPRINT = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g
const CODE = /\.[cm]?jsx?$/
/** Files that are emitted whenever they are edited. */
const COMPILED = /(?<!\.d)\.[cm]?tsx?$/

const emissions = new WeakMap<ts.CompilerHost, Emission>()

/** For a compiler that keeps nothing on disk: what `.tsbuildinfo` says of a file has to be what was emitted for it. */
export function openRestamping(program: ts.Program, host: ts.CompilerHost | undefined, steps: StepsByFile): Restamping | undefined {
  const options = program.getCompilerOptions()
  const { incremental, composite, outFile } = options
  if (!isWatching(host) || incremental || composite || outFile) return undefined
  let emission = emissions.get(host)
  if (emission?.options !== options) {
    emission = { options, versions: new Map(), suffixes: new Map(), emitted: new Map(), count: emission?.count ?? 0 }
    emissions.set(host, emission)
  }
  const { emitted, suffixes, versions } = emission
  const own = program.getSourceFiles().filter((f) => COMPILED.test(f.fileName) && !program.isSourceFileFromExternalLibrary(f))
  const isEmitting = own.some((f) => versions.get(f.fileName) !== ownVersion(f))
  emission.versions = new Map(own.map((f) => [f.fileName, ownVersion(f)]))
  const due = new Map<string, ReadonlyMap<string, string>>()
  let hasBegun = false

  return {
    versionOf({ fileName }) {
      const stamps = textOf(steps.get(fileName))
      const before = emitted.get(fileName)
      const last = suffixes.get(fileName) ?? ''
      if ((before?.stamps ?? '') === stamps) return last
      // Until it has been emitted, the compiler has it in mind.
      if (before === undefined) return keep(fileName, digest(stamps).slice(0, 16))
      const changes = isEmitting ? changesBetween(before.stamps, stamps) : undefined
      if (changes === undefined || replaced(before, changes) === undefined) return keep(fileName, `again ${++emission.count}`)
      due.set(fileName, changes)
      return last
    },
    noting: (write) => (name, text, mark, onError, sources, data) => {
      write(name, text, mark, onError, sources, data)
      const [source] = sources ?? []
      if (source === undefined || !CODE.test(name)) return
      hasBegun = true
      const stamps = textOf(steps.get(source.fileName))
      if (stamps === '') emitted.delete(source.fileName)
      else emitted.set(source.fileName, { stamps, output: name })
    },
    follow() {
      if (!hasBegun) return []
      const left = [...due].filter(([file, changes]) => !putInto(file, changes)).map(([file]) => file)
      due.clear()
      return left
    },
  }

  function putInto(file: string, changes: ReadonlyMap<string, string>): boolean {
    const before = emitted.get(file)
    const stamps = textOf(steps.get(file))
    if (before?.stamps === stamps) return true
    const text = before && replaced(before, changes)
    if (text === undefined) return false
    writeFileSync(before!.output, text, 'latin1')
    emitted.set(file, { stamps, output: before!.output })
    return true
  }

  function keep(file: string, suffix: string): string {
    suffixes.set(file, suffix)
    return suffix
  }
}

function textOf(own: Stamps | undefined): string {
  return own === undefined ? '' : JSON.stringify([own.classes, own.functions, own.marked])
}

/** New fingerprints by old ones, if nothing else tells the two apart. */
function changesBetween(before: string, after: string): Map<string, string> | undefined {
  if (before.replace(FINGERPRINT, '') !== after.replace(FINGERPRINT, '')) return undefined
  const [old, fresh] = [before.match(FINGERPRINT) ?? [], after.match(FINGERPRINT) ?? []]
  const changes = new Map(old.map((fingerprint, i) => [fingerprint, fresh[i]!]))
  return old.every((fingerprint, i) => changes.get(fingerprint) === fresh[i]) ? changes : undefined
}

/** The emitted text, byte by byte, with every old fingerprint replaced; nothing when they are not all there, each as often as was emitted. */
function replaced({ stamps, output }: Emitted, changes: ReadonlyMap<string, string>): string | undefined {
  let text: string
  try {
    text = readFileSync(output, 'latin1')
  } catch {
    return undefined
  }
  const known = (all: string): string =>
    (all.match(FINGERPRINT) ?? [])
      .filter((f) => changes.has(f))
      .sort()
      .join()
  return known(text) === known(stamps) ? text.replace(FINGERPRINT, (f) => changes.get(f) ?? f) : undefined
}
