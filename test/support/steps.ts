// Steps of a small project in a folder of its own: their fingerprints, and which of them an edit changes.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import ts from 'typescript'
import { digest, type Manifest, type StepStamp } from '../../runtime/contract.js'
import { stepsOfFiles } from '../../transformer/analysis.js'
import { type Diagnostic, openInspector } from '../../transformer/diagnostics.js'
import { openManifest } from '../../transformer/manifest.js'
import { openProject, type Project } from '../../transformer/project.js'
import { dialectOf } from '../../transformer/readings.js'
import type { Replacements } from '../../transformer/replacements.js'
import type { ModuleSteps } from '../../transformer/stamped.js'
import { parse } from '../../transformer/summarize.js'

export type Files = Readonly<Record<string, string>>

/** Writes the files, opens the project on them and removes them again; `sources` are the paths of the code among them. */
export function inProject<T>(files: Files, use: (project: Project, sources: string[]) => T, replacements?: Replacements): T {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'mintmark-steps-')))
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
      writeFileSync(path.join(root, name), text)
    }
    const sources = Object.keys(files).filter((f) => /\.[jt]sx?$/.test(f) && !f.includes('node_modules'))
    // As a compiler does it, which has parsed them: what no step reaches is not written then.
    const trees = new Map<string, ts.SourceFile>()
    const sourceFile = (file: string): ts.SourceFile | undefined => {
      const isOurs = dialectOf(file) !== 'json' && !file.includes('node_modules') && existsSync(file)
      if (isOurs && !trees.has(file)) trees.set(file, parse(ts, file, readFileSync(file, 'utf8'), dialectOf(file)!))
      return trees.get(file)
    }
    return use(
      openProject({ ts, root, replacements, sourceFile }),
      sources.map((f) => path.join(root, f)),
    )
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** The steps of every source file, by file. */
export function readStepsOf(files: Files): Map<string, ModuleSteps> {
  return inProject(files, (project, sources) => new Map([...stepsOfFiles(project, sources)].map(([f, s]) => [project.show(f), s])))
}

/** `Class.step` or the function's name -> fingerprint. */
export function fingerprints(files: Files): Record<string, string> {
  const all = [...readStepsOf(files).values()].flatMap((m) => m.steps)
  return Object.fromEntries(all.map(({ id, fingerprint }) => [id.slice(id.indexOf('#') + 1), fingerprint]))
}

/** Exactly the steps whose fingerprint the edit changes, in code-unit order. */
export function changed(files: Files, edit: Files): string[] {
  const before = fingerprints(files)
  const after = fingerprints({ ...files, ...edit })
  return Object.keys({ ...before, ...after })
    .filter((id) => before[id] !== after[id])
    .sort()
}

export function stampOf(files: Files, id: string): StepStamp {
  const [className, step] = id.split('.') as [string, string]
  for (const { classes } of readStepsOf(files).values()) {
    for (const { stamp } of classes) {
      const found = stamp.steps[step]
      if (found?.id.endsWith(`#${className}.${step}`)) return found
    }
  }
  throw new Error(`no step ${id}`)
}

/** The manifest, and by step what its stamp was made of: each declaration's own digest, and those of what it leads to. */
export function manifestOf(files: Files): { readonly manifest: Manifest; readonly owns: ReadonlyMap<string, readonly string[]> } {
  return inProject(files, (project, sources) => {
    const draft = openManifest(project)
    const steps = [...stepsOfFiles(project, sources).values()].flatMap((own) => own.steps)
    const owns = steps.map(({ id, closure: { visits, options } }) => {
      const told = visits.map(({ own, to }) => [own, ...to.flatMap((t) => (typeof t === 'string' ? [] : visits[t[0]]!.own))].join(' '))
      return [id, [...told, ...options.map((text) => digest(text))]] as const
    })
    return { manifest: draft.of(steps.flatMap((step) => draft.add([step]))), owns: new Map(owns) }
  })
}

/** What the steps of the files reach that no fingerprint can speak for. */
export function diagnose(files: Files, replacements?: Replacements): Diagnostic[] {
  const read = (project: Project, sources: string[]): Diagnostic[] => {
    const inspector = openInspector(project)
    return [...stepsOfFiles(project, sources).values()].flatMap(inspector.inspect)
  }
  return inProject(files, read, replacements)
}
