// Doc tags on a declaration: `@mintmark ignore`, `@mintmark include ./prompts/*.md`, `@mintmark version 2`.

import type { Declaration } from './summary.js'

export type Tags = Pick<Declaration, 'ignored' | 'includes' | 'version'>

/** The tags in the comments before a declaration. */
export function readTags(comments: string): Tags | undefined {
  if (!comments.includes('@mintmark')) return undefined
  const told = [...comments.matchAll(/@mintmark\s+(ignore|include|version)(?:[ \t]+([^\r\n*]*(?:\*(?!\/)[^\r\n*]*)*))?/g)]
  const values = (name: string): string[] => told.flatMap(([, key, value]) => (key === name && value ? [value.trim()] : []))
  const includes = values('include')
  const version = values('version').join(' ')
  return {
    ...(told.some(([, key]) => key === 'ignore') && { ignored: true }),
    ...(includes.length > 0 && { includes }),
    ...(version !== '' && { version }),
  }
}
