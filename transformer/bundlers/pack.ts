// What webpack and Rspack share: a module says what it rests on to its loader, and a cache on disk outlives the process.

import { readFileSync } from 'node:fs'
import type { UnpluginOptions } from 'unplugin'
import { digest, FORMAT } from '../../runtime/contract.js'
import { type BundlerOptions, hooksOf, PACKAGES, type Session, SOURCE, tell } from '../bundler.js'
import type { Stamped } from '../host.js'
import { MANIFEST } from '../manifest.js'
import { type Replacements, replacementsId } from '../replacements.js'

interface Pack {
  readonly compilation?: { readonly modules: Iterable<{ nameForCondition?(): string | null }> }
  readonly loaderContext?: LoaderContext
}

export interface LoaderContext {
  addContextDependency(folder: string): void
  /** Of webpack: the module that is built. */
  readonly _module?: object
}

/** `onStamped` hears what each module rests on. */
export function packHooks(
  session: Session,
  onStamped: (stamped: Stamped, loaderContext: LoaderContext | undefined) => void,
): UnpluginOptions {
  return {
    ...hooksOf(session),
    transform: {
      filter: { id: { include: SOURCE, exclude: PACKAGES } },
      handler(code, id) {
        const stamped = session.stamp(id, code)
        if (stamped === undefined) return undefined
        const { loaderContext } = this.getNativeBuildContext!() as Pack
        for (const folder of stamped.folders) loaderContext?.addContextDependency(folder)
        tell(this, session, { ...stamped, folders: [] })
        onStamped(stamped, loaderContext)
        return { code: stamped.code, map: stamped.map }
      },
    },
    buildEnd() {
      // Modules that came from a cache have not been seen in this process.
      const { compilation } = this.getNativeBuildContext!() as Pack
      for (const module of compilation?.modules ?? []) {
        const file = module.nameForCondition?.()
        if (file && SOURCE.test(file) && !PACKAGES.test(file)) session.stamp(file)
      }
      const source = session.finish()
      if (source !== undefined) this.emitFile({ type: 'asset', fileName: MANIFEST, source })
    },
  }
}

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }

/** A cache on disk that was filled by another Mintmark, or with other options, is none. */
export function cacheVersion(own: string | undefined, options: BundlerOptions, replacements: Replacements): string {
  return `${own ?? ''} mintmark ${digest(JSON.stringify([version, FORMAT, options, replacementsId(replacements)])).slice(0, 16)}`
}
