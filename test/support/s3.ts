// Starts the test S3 server of s3-server.ts in a process of its own and speaks to its control endpoint.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Control, Fault, LogLine, ServerOptions } from './s3-server.js'

export interface S3Server {
  readonly endpoint: string
  /** What goes wrong from now on, instead of what was to go wrong before. */
  faults(...faults: Fault[]): Promise<void>
  plant(key: string, body: Uint8Array): Promise<void>
  read(key: string): Promise<Buffer | undefined>
  pageSize(size: number): Promise<void>
  /** Sets the server's clock so many milliseconds ahead of this machine's. */
  clock(ahead: number): Promise<void>
  /** The most requests under way at once since the last call. */
  busiest(): Promise<number>
  /** Multipart uploads left open. */
  uploads(): Promise<number>
  /** The requests since the last call. */
  log(): Promise<LogLine[]>
  stop(): Promise<void>
}

export const BUCKET = 'test-bucket'
export const CREDENTIALS = { accessKeyId: 'TESTACCESSKEY', secretAccessKey: 'canary/secret+of+the+tests' }

/** Gives the SDK's own chain these credentials, and nothing of this machine's. */
export function useCredentials({ accessKeyId, secretAccessKey } = CREDENTIALS): void {
  process.env.AWS_ACCESS_KEY_ID = accessKeyId
  process.env.AWS_SECRET_ACCESS_KEY = secretAccessKey
  process.env.AWS_CONFIG_FILE = process.env.AWS_SHARED_CREDENTIALS_FILE = '/nonexistent'
  process.env.AWS_EC2_METADATA_DISABLED = 'true'
  for (const name of ['AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3']) {
    delete process.env[name]
  }
}

export async function startS3(): Promise<S3Server> {
  const options: ServerOptions = { ...CREDENTIALS, buckets: [BUCKET] }
  const child = spawn(process.execPath, [fileURLToPath(new URL('./s3-server.js', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, MINTMARK_TEST_S3: JSON.stringify(options) },
  })
  const [first] = (await once(child.stdout, 'data')) as [Buffer]
  const { endpoint } = JSON.parse(first.toString()) as { endpoint: string }

  async function control(message: Control): Promise<any> {
    // No kept connection: it would be one more thing to close at the end.
    const response = await fetch(`${endpoint}/_control`, {
      method: 'POST',
      body: JSON.stringify(message),
      headers: { connection: 'close' },
    })
    return response.json()
  }

  return {
    endpoint,
    faults: (...faults) => control({ do: 'faults', faults }),
    plant: (key, body) => control({ do: 'plant', bucket: BUCKET, key, body: Buffer.from(body).toString('base64') }),
    async read(key) {
      const text: string | null = await control({ do: 'read', bucket: BUCKET, key })
      return text === null ? undefined : Buffer.from(text, 'base64')
    },
    pageSize: (size) => control({ do: 'pageSize', size }),
    clock: (ahead) => control({ do: 'clock', ahead }),
    busiest: () => control({ do: 'busiest' }),
    uploads: () => control({ do: 'uploads' }),
    log: () => control({ do: 'log' }),
    async stop() {
      child.stdin.end()
      await once(child, 'exit')
    },
  }
}
