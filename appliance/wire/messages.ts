import { type Static, Type } from 'typebox'
import { compileLater } from '../base/compile-later.ts'
import { nullable } from '../base/schemas.ts'
import { villagePattern } from './topics.ts'

/*
 * What box and hub say to each other (design section 4). Unknown fields are let through everywhere: an old reader must
 * understand a newer writer.
 */

/** Limits that both sides hold (rule 5). */
export const limits = {
  batchEntries: 500,
  batchWireBytes: 64 * 1024,
  unpackedBytes: 1024 * 1024,
  jsonDepth: 8,
  /** Entries lie two deeper in a chunk than in a batch. */
  chunkJsonDepth: 10,
  entryBytes: 16 * 1024,
  healthBytes: 16 * 1024,
  marksPerEpoch: 40,
  /** The newest of a box: each is answered, and the answer has to pass the broker. */
  helloEpochs: 2_000,
  newEpochsPerDay: 20,
  namedEpochs: 1_000,
  wantEpochs: 200,
  chunkWireBytes: 64 * 1024,
  chunkUnpackedBytes: 512 * 1024,
  datasets: 20,
  /** A dataset, packed as it travels and unpacked. */
  datasetBytes: 4 * 1024 * 1024,
  datasetUnpackedBytes: 32 * 1024 * 1024,
  /** Of a dataset or a file in one chunk, before base64. */
  pieceBytes: 40 * 1024,
  /** A file that a dataset names, and a part of it that has a sum of its own. */
  fileBytes: 1024 * 1024 * 1024,
  filePartBytes: 1024 * 1024,
  commandBytes: 16 * 1024,
  /** A file that a box sends: a photo of 250 KB, sealed. */
  putBytes: 256 * 1024,
  /** Files that one stick brings, and its receipt names. */
  receiptFiles: 1_000,
  /** A document that an agency sends back, sealed. */
  documentBytes: 1024 * 1024,
  /** A private part as an age file: it and `data` have to pass in one message. */
  sealedBytes: 12 * 1024,
} as const

const Village = Type.String({ pattern: villagePattern, description: 'Village code, ten digits' })
export const Epoch = Type.String({ pattern: '^[A-Za-z0-9_-]{12}$', description: 'Twelve random base64url characters' })
const Session = Type.String({
  pattern: '^[A-Za-z0-9_-]{16}$',
  description: 'Sixteen random base64url characters, new for each connection',
})
export const Box = Type.String({
  pattern: '^[A-Za-z0-9_-]{22}$',
  description: 'Hash of public key, hardware serial and card id',
})
const Hash = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'SHA-256, base64url without padding' })
const Hash8 = Type.String({ pattern: '^[A-Za-z0-9_-]{11}$', description: 'First 8 bytes of a hash, base64url' })
const Signature = Type.String({ pattern: '^[A-Za-z0-9_-]{86}$', description: 'Ed25519 signature, base64url' })
const PublicKey = Type.String({
  pattern: '^[A-Za-z0-9_-]{43}$',
  description: 'Ed25519 public key, raw 32 bytes, base64url',
})
const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Question = Type.Integer({ minimum: 1, description: 'Number of the question; its answer names it as `re`' })
const At = Type.Integer({ description: 'ms since 1970 UTC' })
const HubTime = Type.Integer({
  description: 'ms since 1970 UTC, by which boxes without NTP set their clock; 0: the hub doubts its own',
})
const Clock = Type.Union([Type.Literal('synced'), Type.Literal('confirmed'), Type.Literal('doubtful')])

export const Presence = Type.Object({
  state: Type.Union([Type.Literal('online'), Type.Literal('lost'), Type.Literal('wiped')]),
  session: Session,
  box: Box,
  version: Type.String({ maxLength: 40 }),
})
export type Presence = Static<typeof Presence>

export const Health = Type.Object({
  session: Session,
  // From 0.2.0 on.
  version: Type.Optional(Type.String({ maxLength: 40 })),
  at: At,
  clock: Clock,
  // From 0.5.0 on.
  ntp: Type.Optional(
    nullable(Type.Boolean({ description: 'Whether this machine’s clock is kept by NTP; null where it cannot tell' })),
  ),
  queue: Type.Object({
    waiting: Type.Integer(),
    serving: Type.Integer(),
    taken_today: Type.Integer(),
    completed_today: Type.Integer(),
    median_wait_minutes: nullable(Type.Number()),
  }),
  backlog_entries: Type.Integer(),
  disk_free_bytes: nullable(Type.Integer()),
  database_bytes: Type.Integer(),
  wal_bytes: Type.Integer(),
  temperature_c: nullable(Type.Number()),
  undervoltage: nullable(Type.Boolean()),
  printer: nullable(Type.String()),
  certificate_days_left: nullable(Type.Integer()),
  alarms: Type.Array(
    Type.Object({
      code: Type.String({ maxLength: 60 }),
      since: At,
      // Both from 0.4.0 on.
      severity: Type.Optional(
        Type.String({ maxLength: 20, description: 'action or warning; what a reader does not know is an action' }),
      ),
      details: Type.Optional(
        Type.Record(Type.String(), Type.Unknown(), {
          maxProperties: 8,
          description: "Texts and numbers that fill the alarm's sentences",
        }),
      ),
    }),
    { maxItems: 100 },
  ),
})
export type Health = Static<typeof Health>

export const Hello = Type.Object({
  session: Session,
  n: Question,
  box: Box,
  key: PublicKey,
  epochs: Type.Array(
    Type.Object({
      epoch: Epoch,
      last: Seq,
      marks: Type.Array(Type.Tuple([Seq, Hash8]), { maxItems: limits.marksPerEpoch }),
    }),
    { maxItems: limits.helloEpochs },
  ),
})
export type Hello = Static<typeof Hello>

export const WireEntry = Type.Object({
  type: Type.String({ pattern: '^[a-z]+\\.[a-z-]+$', maxLength: 60 }),
  at: At,
  clock: Clock,
  // Printable ASCII: no database refuses it, and its JSON has one form.
  actor: Type.String({ pattern: '^[!-~]{1,60}$' }),
  key: Type.Optional(Type.String({ pattern: '^[!-~]{1,64}$' })),
  data: Type.Record(Type.String(), Type.Unknown()),
  private: Type.Optional(Hash),
  origin: Type.Optional(Type.Tuple([Epoch, Seq, Hash])),
})
/** An entry in a batch. An absent member is null. `private` is the SHA-256 of the private part, which travels sealed only. */
export type WireEntry = Static<typeof WireEntry>

/** Private parts as age files, each by the `private` of its entry (SYNC-019). */
const Sealed = Type.Record(
  Hash,
  Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: Math.ceil((limits.sealedBytes * 4) / 3) }),
)
export type Sealed = Static<typeof Sealed>

export const Batch = Type.Object({
  village: Village,
  box: Box,
  session: Session,
  n: Question,
  epoch: Epoch,
  first: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  after: Type.Optional(
    Type.Array(Type.Tuple([Epoch, Seq, Hash]), {
      description: 'In the batch that begins an epoch: what both sides agree on in the epochs before it',
    }),
  ),
  entries: Type.Array(WireEntry, { minItems: 1, maxItems: limits.batchEntries }),
  head: Hash,
  sealed: Type.Optional(Sealed),
  sig: Signature,
})
export type Batch = Static<typeof Batch>

const Window = Type.Integer({ minimum: 0, maximum: 64, description: 'Batches in flight; 0 = none now' })

export const HelloAck = Type.Object({
  session: Session,
  re: Question,
  owner: nullable(Box),
  window: Window,
  now: HubTime,
  epochs: Type.Array(Type.Object({ epoch: Epoch, seq: Seq, hash: Hash, common: Seq })),
})
export type HelloAck = Static<typeof HelloAck>

/** Where the hub stands, for a box that a stick has brought something of (SYNC-024). */
export const Receipt = Type.Object({
  balai: Type.Literal('receipt'),
  format: Type.Integer(),
  village: Village,
  at: At,
  epochs: Type.Array(Type.Object({ epoch: Epoch, seq: Seq, hash: Hash }), { maxItems: limits.helloEpochs }),
  files: Type.Optional(
    Type.Array(Hash, { maxItems: limits.receiptFiles, description: 'Of those it brought: here whole' }),
  ),
  sig: Signature,
})
export type Receipt = Static<typeof Receipt>

/** Why a batch can never be taken as it is; sending it again is useless. */
export const refusals = [
  'malformed',
  'too-large',
  'too-deep',
  'wrong-village',
  'bad-chain',
  'bad-signature',
  'unknown-key',
  'revoked-key',
  'too-many-epochs',
] as const
export type Refusal = (typeof refusals)[number]

export const BatchAck = Type.Object({
  session: Session,
  re: Question,
  window: Window,
  now: HubTime,
  epoch: Epoch,
  seq: Seq,
  hash: Hash,
  unknown: Type.Optional(Type.Literal(true, { description: 'The hub lacks what `after` names: say hello again' })),
  refused: Type.Optional(Type.Object({ code: Type.Enum([...refusals]), message: Type.String() })),
})
export type BatchAck = Static<typeof BatchAck>

export const RollCall = Type.Object({
  hub: Type.String({ minLength: 1, maxLength: 60 }),
  spread: Type.Integer({ minimum: 0, description: 'Say hello at a random moment within so many ms' }),
  all: Type.Boolean({ description: 'true: every box; false: those whose last answered hello is older than an hour' }),
})
export type RollCall = Static<typeof RollCall>

export const Want = Type.Object({
  session: Session,
  n: Question,
  epochs: Type.Array(Type.Object({ epoch: Epoch, from: Seq, prev: Hash }), {
    minItems: 1,
    maxItems: limits.wantEpochs,
  }),
  most: Type.Optional(
    Type.Integer({
      minimum: 2_048,
      maximum: limits.chunkWireBytes,
      description: 'Bytes on the wire that the answer may have; absent: 64 KiB',
    }),
  ),
})
/** A box asks for the entries behind `from`, its own last place in each of these epochs, whose hash is `prev`. */
export type Want = Static<typeof Want>

export const Chunk = Type.Object({
  session: Session,
  re: Question,
  epochs: Type.Array(
    Type.Object({
      epoch: Epoch,
      first: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
      entries: Type.Array(WireEntry, { maxItems: limits.batchEntries }),
      head: Hash,
    }),
    { minItems: 1, maxItems: limits.wantEpochs },
  ),
  sealed: Type.Optional(Sealed),
  sig: Signature,
})
/**
 * History, the answer to a want, in its order of epochs, as far as there is room: of each the entries at `first`,
 * `first + 1`, … up to `head`. None: the hub has nothing behind that hash.
 */
export type Chunk = Static<typeof Chunk>
/** What a chunk holds of one epoch. */
export type ChunkPart = Chunk['epochs'][number]

/** Of the regency's datasets: services, holidays, hours, agencies, indicators, flows, letter-templates, residents; a reader lets others pass. */
const DatasetName = Type.String({ pattern: '^[a-z][a-z-]{0,39}$' })
const Version = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Rises, for each dataset' })

export const Manifest = Type.Object({
  datasets: Type.Array(
    Type.Object({
      dataset: DatasetName,
      version: Version,
      bytes: Type.Integer({ minimum: 1, maximum: limits.datasetBytes, description: 'Of the gzip file' }),
      sha256: Hash,
      at: At,
    }),
    { maxItems: limits.datasets },
  ),
  sig: Signature,
})
/** What the regency has for this village, all of it each time. `sha256` and `bytes` are those of the gzip file. */
export type Manifest = Static<typeof Manifest>
export type Offer = Manifest['datasets'][number]

export const DatasetWant = Type.Object({
  session: Session,
  n: Question,
  dataset: DatasetName,
  version: Version,
  from: Type.Integer({ minimum: 0, maximum: limits.datasetBytes, description: 'Bytes that the box has' }),
  most: Type.Optional(Type.Integer({ minimum: 2_048, maximum: limits.chunkWireBytes })),
})
/** A box asks for a dataset's bytes behind `from`. */
export type DatasetWant = Static<typeof DatasetWant>

export const DatasetChunk = Type.Object({
  session: Session,
  re: Question,
  dataset: DatasetName,
  version: Version,
  first: Type.Integer({ minimum: 0, maximum: limits.datasetBytes }),
  bytes: Type.String({ pattern: '^[A-Za-z0-9_-]*$', maxLength: Math.ceil((limits.pieceBytes * 4) / 3) }),
  sig: Signature,
})
/** Bytes of a dataset from `first` on; none: the hub no longer has this version for this village. */
export type DatasetChunk = Static<typeof DatasetChunk>

export const FileWant = Type.Object({
  session: Session,
  n: Question,
  file: Hash,
  from: Type.Integer({ minimum: 0, maximum: limits.fileBytes, description: 'Bytes that the box has' }),
  most: Type.Optional(Type.Integer({ minimum: 2_048, maximum: limits.chunkWireBytes })),
})
/** A box asks for the bytes behind `from` of a file that a dataset names by its SHA-256. */
export type FileWant = Static<typeof FileWant>

export const FileChunk = Type.Object({
  session: Session,
  re: Question,
  file: Hash,
  first: Type.Integer({ minimum: 0, maximum: limits.fileBytes }),
  bytes: Type.String({ pattern: '^[A-Za-z0-9_-]*$', maxLength: Math.ceil((limits.pieceBytes * 4) / 3) }),
})
/** Bytes of a file from `first` on; none: not for this village, or not now. The sums that the dataset gives hold them. */
export type FileChunk = Static<typeof FileChunk>

export const FilePut = Type.Object({
  village: Village,
  session: Session,
  n: Question,
  file: Hash,
  size: Type.Integer({ minimum: 1, maximum: limits.putBytes, description: 'Bytes of the whole file' }),
  first: Type.Integer({ minimum: 0, maximum: limits.putBytes, description: 'Where these bytes stand in it' }),
  bytes: Type.String({ pattern: '^[A-Za-z0-9_-]*$', maxLength: Math.ceil((limits.pieceBytes * 4) / 3) }),
  sig: Signature,
})
/** Bytes of a file that an entry of this village names by its SHA-256; none: how much of it the hub has is asked. */
export type FilePut = Static<typeof FilePut>

/** Why a file is not taken now: no entry names it (yet, or any more), or the village has too much there. */
export const putWaits = ['unknown', 'full'] as const

export const FilePutAck = Type.Object({
  session: Session,
  re: Question,
  file: Hash,
  have: Type.Integer({
    minimum: 0,
    maximum: limits.putBytes,
    description: 'Bytes of it that the hub has, from its start',
  }),
  wait: Type.Optional(Type.Enum([...putWaits])),
})
/** The hub has so many bytes of the file, committed; all of them: it is whole, and is what its name says. */
export type FilePutAck = Static<typeof FilePutAck>

export const Command = Type.Object({
  id: Epoch,
  type: Type.String({ pattern: '^[a-z][a-z-]{0,39}$' }),
  expires: At,
  data: Type.Record(Type.String(), Type.Unknown()),
  sig: Signature,
})
/** What the regency asks of the box. Its outcome is an entry whose `key` is `id`. */
export type Command = Static<typeof Command>

const Pem = Type.String({ pattern: '^-----BEGIN [A-Z ]+-----\\n', maxLength: 8_192 })

export const CertificateRequest = Type.Object({
  session: Session,
  n: Question,
  village: Village,
  box: Box,
  key: PublicKey,
  csr: Type.Optional(Type.String({ ...Pem, description: 'PKCS #10 for the identity towards the broker, P-256' })),
  lan: Type.Optional(Type.String({ ...Pem, description: 'PKCS #10 for the pages on the LAN, with their names' })),
  token: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'Of the enrolment file; once' })),
  sig: Signature,
})
/** A box asks for certificates: with a token to be enrolled, without one when it is and they end. `sig`: by `key`. */
export type CertificateRequest = Static<typeof CertificateRequest>

/** Why no certificate is given; asking again in the same way is useless. */
export const certificateRefusals = [
  'malformed',
  'bad-signature',
  'token-unknown',
  'token-ended',
  'token-used',
  'token-revoked',
  'unknown-key',
  'revoked-key',
] as const
export type CertificateRefusal = (typeof certificateRefusals)[number]

export const CertificateAnswer = Type.Object({
  session: Session,
  re: Question,
  certificate: Type.Optional(Type.String({ ...Pem, description: 'The certificate, then the one that signed it' })),
  lan: Type.Optional(Type.String({ ...Pem, description: 'The same for the pages on the LAN' })),
  refused: Type.Optional(Type.Object({ code: Type.Enum([...certificateRefusals]), message: Type.String() })),
  sig: Signature,
})
/** `sig`: the hub's Ed25519 over village and all other fields but session and re. */
export type CertificateAnswer = Static<typeof CertificateAnswer>

/** Compiled once; `Check` says yes or no, `Errors` says where and why. */
export const validators = {
  presence: compileLater(Presence),
  health: compileLater(Health),
  hello: compileLater(Hello),
  batch: compileLater(Batch),
  helloAck: compileLater(HelloAck),
  batchAck: compileLater(BatchAck),
  rollCall: compileLater(RollCall),
  want: compileLater(Want),
  chunk: compileLater(Chunk),
  manifest: compileLater(Manifest),
  datasetWant: compileLater(DatasetWant),
  datasetChunk: compileLater(DatasetChunk),
  fileWant: compileLater(FileWant),
  fileChunk: compileLater(FileChunk),
  filePut: compileLater(FilePut),
  filePutAck: compileLater(FilePutAck),
  command: compileLater(Command),
  certificateRequest: compileLater(CertificateRequest),
  certificateAnswer: compileLater(CertificateAnswer),
}
