// What changed in a step since the output was made, as far as the manifests beside the output tell.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { ClosureEntry, Manifest } from '../runtime/contract.js'
import { closureIn, MANIFEST, openManifest } from '../transformer/manifest.js'
import type { Project } from '../transformer/project.js'
import type { StampedStep } from '../transformer/stamped.js'

export interface Changes {
  /** Declarations by name: those that the closure of the stamp had and has no longer as they were, and those that are new. */
  since(id: string, fingerprint: string, step: StampedStep): readonly string[]
}

export function openChanges(project: Project, folders: readonly string[]): Changes {
  const present = openManifest(project)
  let manifests: readonly Manifest[] | undefined

  return {
    since(id, fingerprint, step) {
      manifests ??= folders.flatMap((folder) => readManifest(path.join(folder, MANIFEST)) ?? [])
      const told = manifests.filter(({ steps }) => steps[id]?.fingerprint === fingerprint)
      if (told.length === 0) return []
      const is = closureIn(present.of(present.add([step])), step.id)!.flatMap(factsOf)
      return told.flatMap((manifest) => changesBetween(closureIn(manifest, id)!.flatMap(factsOf), is))
    },
  }
}

/** None where there is no file, one that was torn, or one of another version. */
function readManifest(file: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest
    return manifest.version === 2 ? manifest : undefined
  } catch {
    return undefined
  }
}

interface Fact {
  readonly name: string
  readonly fact: string
}

function changesBetween(was: readonly Fact[], is: readonly Fact[]): string[] {
  return [...new Set([...without(is, was), ...without(was, is)].map((e) => e.name))]
}

function without(some: readonly Fact[], others: readonly Fact[]): Fact[] {
  const known = new Set(others.map(({ fact }) => fact))
  return some.filter(({ fact }) => !known.has(fact))
}

/** Names in a manifest begin at the folder of its tsconfig: only the last part of a file's path is the same everywhere. */
function factsOf({ id, own, leaves = [] }: ClosureEntry): Fact[] {
  const name = id.replace(/^.*\/(?=[^/]*#)/, '')
  const packages = leaves.filter((leaf) => leaf.startsWith('package '))
  const others = leaves.filter((leaf) => !packages.includes(leaf))
  return [
    { name, fact: [name, own, ...others].join('\n') },
    ...packages.map((leaf) => ({ name: leaf.split(' ', 2).join(' '), fact: leaf })),
  ]
}
