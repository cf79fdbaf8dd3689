export namespace desktop {
	
	export interface AcceptServerRequest {
	    id: string;
	    typedName: string;
	}
	export interface DueRun {
	    jobId: string;
	    jobName: string;
	    at: string;
	}
	export interface Percentiles {
	    n: number;
	    p50Ms: number;
	    p95Ms: number;
	    p99Ms: number;
	}
	export interface Run {
	    id: string;
	    jobId: string;
	    jobName: string;
	    command: string;
	    state: string;
	    scheduledFor: string;
	    assignedAt: string;
	    startedAt: string;
	    finishedAt: string;
	    createdAt: string;
	    updatedAt: string;
	    workerId: string;
	    attempt: number;
	    version: number;
	    leaderEpoch: string;
	    exitCode?: number;
	    errorSummary: string;
	    logRef: string;
	    idempotencyKey: string;
	    cpuSeconds?: number;
	    peakRssBytes?: number;
	    ioReadBytes?: number;
	    ioWriteBytes?: number;
	    confirming: boolean;
	    confirmingSince: string;
	    confirmingDeadlineAt: string;
	}
	export interface StateRuns {
	    state: string;
	    runs: number;
	}
	export interface Series {
	    state: string;
	    runs: number[];
	}
	export interface Activity {
	    from: string;
	    to: string;
	    bucketMs: number;
	    series: Series[];
	    open: StateRuns[];
	    failures: Run[];
	    failedRuns: number;
	    late: Run[];
	    lateRuns: number;
	    lateAfterMs: number;
	    duration: Percentiles;
	    startDelay: Percentiles;
	    nextDue: DueRun[];
	    asOf: string;
	}
	export interface AnnounceRequest {
	    seq: number;
	    title: string;
	    body: string;
	    open: string;
	    urgent: boolean;
	    route: string;
	}
	export interface WireError {
	    code: string;
	    reason: string;
	    args?: Record<string, string>;
	    message: string;
	}
	export interface TrustState {
	    phase: string;
	    done: number;
	    total: number;
	    error?: WireError;
	    changed: string[];
	    firstRow: string;
	    signed: boolean;
	    signature: string;
	    signer: string;
	    fingerprint: string;
	    claimed: string;
	    impostor: boolean;
	    chained: boolean;
	    chainBroken: string;
	}
	export interface BasisState {
	    kind: string;
	    looked: string;
	}
	export interface Condition {
	    name: string;
	    value: string;
	}
	export interface ArchiveState {
	    path: string;
	    source: string;
	    from: string;
	    to: string;
	    madeAt: string;
	    madeBy: string;
	    filter: Condition[];
	    masked: number;
	    moment: string;
	    fleet: BasisState;
	    jobs: BasisState;
	    terms: BasisState;
	    trust: TrustState;
	}
	export interface FieldError {
	    field: string;
	    line: number;
	    column: number;
	    error: WireError;
	}
	export interface ArgsCheck {
	    errors: FieldError[];
	}
	export interface ArgsRequest {
	    args: string;
	}
	export interface Attempt {
	    number: number;
	    workerId: string;
	    leaderEpoch: string;
	    startedAt: string;
	    endedAt: string;
	    outcome: string;
	    exitCode?: number;
	    note: string;
	}
	export interface AuditActions {
	    actions: string[];
	}
	export interface AuditChain {
	    installed: boolean;
	    complete: boolean;
	    seal: string;
	    digest: string;
	    sealedAt: string;
	    sealedBy: string;
	}
	export interface AuditEntry {
	    id: string;
	    actor: string;
	    action: string;
	    target: string;
	    at: string;
	    detail: string;
	    size: number;
	    written: string;
	    chain: string;
	}
	export interface AuditFilter {
	    actor: string;
	    actions: string[];
	    target: string;
	    from: string;
	    before: string;
	    text: string;
	}
	export interface AuditPage {
	    entries: AuditEntry[];
	    older: string;
	    newer: string;
	    reached: string;
	    asOf: string;
	}
	export interface AuditVerdict {
	    ok: boolean;
	    full: boolean;
	    checked: number;
	    problem: string;
	    auditId: string;
	    login: string;
	    actor: string;
	    place: string;
	    seal: string;
	    digest: string;
	    asOf: string;
	}
	
	export interface Belief {
	    workerId: string;
	    nodeId: string;
	    role: string;
	    silent: boolean;
	    leader: string;
	    epoch: string;
	    claims: boolean;
	    disagrees: boolean;
	    clockOffsetMs?: number;
	    roundTripMs?: number;
	    error?: WireError;
	}
	export interface NodeSubLeader {
	    nodeId: string;
	    workerId: string;
	}
	export interface Leadership {
	    leaderId: string;
	    lockMs: number;
	    epoch: string;
	    lastSeen: string;
	    subLeaderId: string;
	    nodeSubLeaders: NodeSubLeader[];
	    degrading: boolean;
	}
	export interface Beliefs {
	    leadership: Leadership;
	    workers: Belief[];
	    asOf: string;
	}
	export interface RunFilter {
	    states: string[];
	    jobId: string;
	    workerId: string;
	    epoch: string;
	    createdFrom: string;
	    createdBefore: string;
	    minDurationMs: number;
	    maxDurationMs: number;
	    minAttempt: number;
	    laterThanMs: number;
	    errorText: string;
	    logText: string;
	}
	export interface BulkRequest {
	    kind: string;
	    ids: string[];
	    filter: RunFilter;
	}
	export interface Certificate {
	    subject: string;
	    notBefore: string;
	    notAfter: string;
	    sha256: string;
	}
	export interface CheckSettingRequest {
	    key: string;
	    input: string;
	}
	export interface CheckedSetting {
	    value: string;
	}
	export interface ChooseArchiveRequest {
	    title: string;
	    name: string;
	}
	export interface WorkerSummary {
	    total: number;
	    running: number;
	    idle: number;
	    draining: number;
	    detached: number;
	    silent: number;
	}
	export interface Cluster {
	    leadership: Leadership;
	    leaderNode: string;
	    workers: WorkerSummary;
	    asOf: string;
	}
	export interface ComparedRule {
	    here: string;
	    there: string;
	}
	export interface ComparedField {
	    name: string;
	    state: string;
	    here: string;
	    there: string;
	    rule?: ComparedRule;
	}
	export interface ComparedItem {
	    kind: string;
	    name: string;
	    state: string;
	    fields: ComparedField[];
	    kept: string;
	    mark: string;
	    hereId: string;
	}
	
	export interface ComparedSide {
	    id: string;
	    name: string;
	    kind: string;
	}
	export interface Comparison {
	    here: ComparedSide;
	    there: ComparedSide;
	    items: ComparedItem[];
	    noted: boolean;
	    asOf: string;
	    problem?: WireError;
	}
	
	export interface DiagnosticsFile {
	    path: string;
	}
	export interface DiagnosticsRequest {
	    maskHosts: boolean;
	    title: string;
	    path: string;
	    settings: Record<string, string>;
	}
	
	export interface DuplicateRequest {
	    jobId: string;
	    name: string;
	}
	export interface DurationPoint {
	    bucket: number;
	    n: number;
	    p50Ms: number;
	    maxMs: number;
	}
	export interface EnableRequest {
	    jobId: string;
	    enable: boolean;
	}
	export interface PolicyState {
	    locks: boolean;
	    unlockedUntil: string;
	    maxMinutes: number;
	    bulkLimit: number;
	}
	export interface EnvironmentState {
	    id: string;
	    name: string;
	    kind: string;
	    color: string;
	    login: string;
	    database: string;
	    readOnly: boolean;
	    gate: boolean;
	    operator: string;
	    role: string;
	    inactive: boolean;
	    archive?: ArchiveState;
	    policy: PolicyState;
	}
	export interface EventRun {
	    id: string;
	    jobId: string;
	    jobName: string;
	    state: string;
	}
	export interface Event {
	    id: string;
	    type: string;
	    payload: string;
	    size: number;
	    dedupeKey: string;
	    createdAt: string;
	    processedAt: string;
	    runs: EventRun[];
	}
	export interface EventFilter {
	    type: string;
	    dedupeKey: string;
	    processed: string;
	    from: string;
	    before: string;
	    text: string;
	}
	export interface EventPage {
	    events: Event[];
	    older: string;
	    newer: string;
	    reached: string;
	    asOf: string;
	}
	export interface EventRequest {
	    type: string;
	    payload: string;
	    dedupeKey: string;
	}
	
	export interface FieldChange {
	    field: string;
	    before: string;
	    after: string;
	}
	export interface JobChange {
	    id: string;
	    at: string;
	    actor: string;
	    action: string;
	    target: string;
	    reason: string;
	    fields: FieldChange[];
	}
	export interface JobChanges {
	    list: JobChange[];
	    more: boolean;
	    unreadable: boolean;
	}
	export interface Finding {
	    jobId: string;
	    verdict: string;
	    at: string;
	    runId: string;
	    runState: string;
	    delayMs: number;
	    uncertain: boolean;
	}
	export interface Schedule {
	    kind: string;
	    everyN: number;
	    hour: number;
	    minute: number;
	    weekday: number;
	    timezone: string;
	    eventTypes: string[];
	}
	export interface JobExpectation {
	    id: string;
	    name: string;
	    enabled: boolean;
	    type: string;
	    scheduleShape: Schedule;
	    scheduleError?: WireError;
	    due: number;
	    counts: Record<string, number>;
	    uncertain: number;
	    changedAt: string;
	}
	export interface Expectation {
	    from: string;
	    to: string;
	    jobs: JobExpectation[];
	    findings: Finding[];
	    left: number;
	    changes: JobChanges;
	    inUtc: boolean;
	    lateAfterMs: number;
	    asOf: string;
	}
	export interface ExportArchiveRequest {
	    path: string;
	    incident: boolean;
	    title: string;
	    filter: RunFilter;
	    logs: boolean;
	    note: string;
	    masks: string[];
	    sign: boolean;
	    timeZone: string;
	}
	export interface ExportAuditRequest {
	    filter: AuditFilter;
	    format: string;
	    path: string;
	}
	export interface ExportFile {
	    path: string;
	    chosen: boolean;
	    limit: number;
	}
	export interface ExportRunsRequest {
	    filter: RunFilter;
	    format: string;
	    path: string;
	}
	export interface ExportState {
	    token: string;
	    path: string;
	    rows: number;
	    done: boolean;
	    capped: boolean;
	}
	export interface ExportTask {
	    id: string;
	    environment: string;
	    path: string;
	    title: string;
	    phase: string;
	    part: string;
	    finishing: boolean;
	    runs: number;
	    rows: number;
	    share: number;
	    resumed: boolean;
	    here: boolean;
	    left: boolean;
	    error?: WireError;
	}
	export interface ExportTasks {
	    tasks: ExportTask[];
	}
	export interface FailureJob {
	    id: string;
	    name: string;
	    runs: number;
	}
	export interface FailureGroup {
	    cause: string;
	    state: string;
	    runs: number;
	    first: string;
	    last: string;
	    firstMade: string;
	    lastMade: string;
	    lastRunId: string;
	    lastError: string;
	    exitCode?: number;
	    jobs: FailureJob[];
	    perBucket: number[];
	    searchText: string;
	}
	
	export interface FailureList {
	    from: string;
	    to: string;
	    bucketMs: number;
	    groups: FailureGroup[];
	    runs: number;
	    capped: boolean;
	    oldest: string;
	    others: number;
	    otherRuns: number;
	    asOf: string;
	}
	export interface FailuresRequest {
	    windowMs: number;
	}
	
	
	export interface FieldProblem {
	    field: string;
	    error: WireError;
	}
	
	export interface HistoryRuns {
	    jobId: string;
	    runs: number;
	    states: Record<string, number>;
	    ended: number;
	    failed: number;
	    duration: Percentiles;
	}
	export interface HistoryRunRow {
	    name: string;
	    state: string;
	    here?: HistoryRuns;
	    there?: HistoryRuns;
	    failures: string;
	    duration: string;
	}
	export interface HistoryItem {
	    kind: string;
	    name: string;
	    state: string;
	    fields: ComparedField[];
	    hereId: string;
	    thereId: string;
	}
	export interface StateCountOf {
	    state: string;
	    n: number;
	}
	export interface HistorySide {
	    key: string;
	    id: string;
	    name: string;
	    kind: string;
	    archive: boolean;
	    from: string;
	    to: string;
	    fleet: BasisState;
	    jobs: BasisState;
	}
	export interface Histories {
	    here: HistorySide;
	    there: HistorySide;
	    counts: StateCountOf[];
	    total: number;
	    items: HistoryItem[];
	    runs: HistoryRunRow[];
	}
	export interface HistoriesRequest {
	    here: string;
	    there: string;
	    part: string;
	    all: boolean;
	    liveHours: number;
	    offset: number;
	    size: number;
	}
	
	
	
	
	export interface IDRequest {
	    id: string;
	}
	export interface ImportPreview {
	    profile: profile.Profile;
	    revision: string;
	    replaces: string;
	    notes: string[];
	}
	export interface Job {
	    id: string;
	    name: string;
	    enabled: boolean;
	    type: string;
	    command: string;
	    schedule: string;
	    scheduleShape: Schedule;
	    scheduleError?: WireError;
	    next: string[];
	    timeoutSeconds: number;
	    maxRetries: number;
	    concurrencyPolicy: string;
	    lastRunId: string;
	    lastRunState: string;
	    lastRunAt: string;
	    succeeded: number;
	    ended: number;
	}
	
	
	export interface ScheduleNote {
	    kind: string;
	    at: string;
	}
	export interface Reading {
	    notes: ScheduleNote[];
	    others: string[];
	    leads: boolean;
	    inUtc: string[];
	}
	export interface JobCheck {
	    errors: FieldError[];
	    schedule: string;
	    shape: Schedule;
	    next: string[];
	    reading: Reading;
	    asOf: string;
	}
	export interface JobHistory {
	    runs: number;
	    capped: boolean;
	    from: string;
	    to: string;
	    bucketMs: number;
	    series: Series[];
	    durations: DurationPoint[];
	    succeeded: number;
	    ended: number;
	    duration: Percentiles;
	    startDelay: Percentiles;
	}
	export interface ScheduleDraft {
	    kind: string;
	    n: string;
	    minute: string;
	    time: string;
	    weekday: string;
	    timezone: string;
	    eventTypes: string[];
	    json: string;
	    stored: string;
	}
	export interface JobDraft {
	    name: string;
	    enabled: boolean;
	    type: string;
	    command: string;
	    args: string;
	    schedule: ScheduleDraft;
	    timeoutSeconds: string;
	    maxRetries: string;
	    backoffSeconds: string;
	    policy: string;
	}
	export interface JobDetail {
	    id: string;
	    name: string;
	    enabled: boolean;
	    type: string;
	    command: string;
	    args: string;
	    argsMasked: boolean;
	    schedule: string;
	    scheduleShape: Schedule;
	    scheduleError?: WireError;
	    next: string[];
	    reading: Reading;
	    timeoutSeconds: number;
	    maxRetries: number;
	    backoffSeconds: number;
	    policy: string;
	    createdAt: string;
	    updatedAt: string;
	    draft: JobDraft;
	    history: JobHistory;
	    latest: Run[];
	    changes: JobChanges;
	    asOf: string;
	}
	
	
	
	export interface JobList {
	    jobs: Job[];
	    asOf: string;
	}
	export interface LaunchState {
	    seq: number;
	    profile: string;
	    content: string;
	    file: string;
	    live: string;
	    moment: string;
	    route: string;
	    archive: string;
	    error?: WireError;
	}
	export interface LaunchTaken {
	    seq: number;
	}
	
	export interface LinkRequest {
	    route: string;
	}
	export interface LinkState {
	    link: string;
	}
	export interface ListAuditRequest {
	    filter: AuditFilter;
	    cursor: string;
	    size: number;
	}
	export interface ListEventsRequest {
	    filter: EventFilter;
	    cursor: string;
	    size: number;
	}
	export interface ListRunsRequest {
	    filter: RunFilter;
	    cursor: string;
	    at: string;
	    size: number;
	}
	export interface LogChunk {
	    at: string;
	    stream: string;
	    base64: string;
	}
	export interface LogFind {
	    hit: boolean;
	    row: number;
	    place: number;
	    found: number;
	    scanned: number;
	    done: boolean;
	}
	export interface LogFindRequest {
	    token: string;
	    text: string;
	    row: number;
	    back: boolean;
	}
	export interface LogLineRequest {
	    token: string;
	    line: number;
	}
	export interface LogPage {
	    chunks: LogChunk[];
	    next: string;
	    more: boolean;
	    ended: boolean;
	    version: number;
	}
	export interface LogRequest {
	    runId: string;
	    attempt: number;
	    after: string;
	}
	export interface LogRow {
	    line: number;
	    continues: boolean;
	    style: string;
	    text: string;
	    at: string;
	    stream: string;
	}
	export interface LogRowsRequest {
	    token: string;
	    from: number;
	    count: number;
	}
	export interface LogSpot {
	    found: boolean;
	    row: number;
	}
	export interface LogState {
	    token: string;
	    source: string;
	    ref: string;
	    rows: number;
	    lines: number;
	    bytes: number;
	    expected: number;
	    reading: boolean;
	    ended: boolean;
	    full: boolean;
	    at: number;
	    turn: number;
	    version: number;
	    error?: WireError;
	}
	export interface LogStateRequest {
	    token: string;
	    readOn: boolean;
	    again: boolean;
	}
	export interface LogText {
	    text: string;
	    cut: boolean;
	}
	export interface MenuTexts {
	    file: string;
	    openArchive: string;
	    help: string;
	    diagnostics: string;
	}
	export interface Moment {
	    at: string;
	    kind: string;
	    n: number;
	    name: string;
	}
	export interface MomentRequest {
	    at: string;
	}
	export interface Moments {
	    moments: Moment[];
	    capped: boolean;
	}
	export interface NameSignerRequest {
	    name: string;
	    fingerprint: string;
	}
	export interface NamedID {
	    id: string;
	    name: string;
	}
	export interface NewProfile {
	    id: string;
	    name: string;
	}
	export interface NewsItem {
	    seq: number;
	    at: string;
	    what: string;
	    runId: string;
	    jobName: string;
	    state: string;
	    worker: string;
	    was: string;
	    minutes: number;
	    environment: string;
	    name: string;
	    kind: string;
	    color: string;
	}
	export interface NewsState {
	    items: NewsItem[];
	    seen: number;
	    told: number;
	}
	
	export interface Note {
	    level: string;
	    key: string;
	    args: Record<string, string>;
	}
	export interface OpenArchiveRequest {
	    path: string;
	    expect: string;
	}
	export interface OpenLogRequest {
	    runId: string;
	    attempt: number;
	}
	export interface OpenOperation {
	    id: string;
	    action: string;
	    target: string;
	    actor: string;
	    login: string;
	    reason: string;
	    epoch: string;
	    begunAt: string;
	    ageMs: number;
	    going: boolean;
	    unknown: boolean;
	}
	export interface OpenOperations {
	    operations: OpenOperation[];
	    asOf: string;
	}
	export interface OpenProfileRequest {
	    id: string;
	    secrets: string;
	}
	export interface OpenState {
	    key: string;
	    id: string;
	    name: string;
	    kind: string;
	    color: string;
	    archive: boolean;
	    content: string;
	    shown: boolean;
	}
	export interface OpeningState {
	    id: string;
	    step: string;
	    done: number;
	    total: number;
	    error?: WireError;
	}
	export interface Outcome {
	    operationId: string;
	    result: string;
	    reason: string;
	    accepted: string;
	    written: string;
	    observed: string;
	    createdId: string;
	    auditId: string;
	    args: Record<string, string>;
	}
	export interface PathRequest {
	    path: string;
	}
	
	export interface PerformRequest {
	    token: string;
	    reason: string;
	    typedName: string;
	}
	
	export interface Predicted {
	    job: number;
	    at: string;
	    expectedMs: number;
	}
	export interface Touch {
	    key: string;
	    count: number;
	    names: string[];
	}
	export interface Preview {
	    token: string;
	    action: string;
	    target: string;
	    tier: string;
	    reversible: boolean;
	    typedName: string;
	    touches: Touch[];
	    notes: Note[];
	    epoch: string;
	    way: string;
	    asOf: string;
	}
	export interface WorkerStatus {
	    role: string;
	    detached: boolean;
	    draining: boolean;
	    load: number;
	    currentRunId: string;
	    lastHeartbeat: string;
	}
	export interface Probe {
	    workerId: string;
	    address: string;
	    roundTripMs?: number;
	    clockOffsetMs?: number;
	    observedEpoch: string;
	    status?: WorkerStatus;
	    certificate?: Certificate;
	    error?: WireError;
	}
	export interface ProfileCard {
	    id: string;
	    name: string;
	    kind: string;
	    color: string;
	    user: string;
	    database: string;
	    host: string;
	    hosts: number;
	    reach: string;
	    secretsFrom: string;
	    lastOpened: string;
	    error?: WireError;
	}
	export interface ProfileDetail {
	    profile: profile.Profile;
	    revision: string;
	    kept: string[];
	    byPassphrase: boolean;
	    keptError?: WireError;
	}
	export interface ProfileList {
	    profiles: ProfileCard[];
	}
	export interface ProfileRequest {
	    profile: profile.Profile;
	    revision: string;
	    secrets: string;
	}
	export interface PromoteChoice {
	    kind: string;
	    name: string;
	    mark: string;
	}
	export interface PromoteRequest {
	    items: PromoteChoice[];
	}
	export interface ReachedRequest {
	    stage: string;
	}
	
	export interface RecentState {
	    id: string;
	    path: string;
	    name: string;
	    openedAt: string;
	    there: boolean;
	}
	export interface RecentList {
	    archives: RecentState[];
	}
	
	export interface ReloadTarget {
	    workerId: string;
	    address: string;
	    ok: boolean;
	    message: string;
	    generation: string;
	}
	export interface Reload {
	    id: string;
	    requestedBy: string;
	    requestedAt: string;
	    status: string;
	    appliedAt: string;
	    leaderId: string;
	    leaderEpoch: string;
	    ok: number;
	    total: number;
	    unreadable: boolean;
	    targets: ReloadTarget[];
	}
	
	export interface RevealRequest {
	    of: string;
	    id: string;
	    reason: string;
	}
	export interface Revealed {
	    outcome: Outcome;
	    document: string;
	}
	export interface RuleRequest {
	    kind: string;
	    name: string;
	    field: string;
	    here: string;
	    there: string;
	    keep: boolean;
	}
	
	export interface RunColumns {
	    id: string[];
	    job: number[];
	    worker: number[];
	    state: number[];
	    start: number[];
	    end: number[];
	    late: number[];
	}
	export interface RunCount {
	    n: number;
	    capped: boolean;
	    guess: number;
	    unknown: boolean;
	}
	export interface RunDetail {
	    run: Run;
	    attempts: Attempt[];
	    args: string;
	    asOf: string;
	}
	
	export interface RunNowRequest {
	    jobId: string;
	    args: string;
	}
	export interface RunPage {
	    runs: Run[];
	    older: string;
	    newer: string;
	    asOf: string;
	}
	export interface SandboxState {
	    phase: string;
	    step: string;
	    done: number;
	    total: number;
	    error?: WireError;
	}
	export interface SaveLogRequest {
	    token: string;
	    path: string;
	}
	export interface SavedProfile {
	    id: string;
	    revision: string;
	    problems: FieldProblem[];
	    dropped: string[];
	}
	
	
	
	export interface SeenRequest {
	    seq: number;
	}
	
	export interface ServerURL {
	    postgres: profile.Postgres;
	    redis: profile.Redis;
	    password: string;
	}
	export interface ThemeProblem {
	    file: string;
	    what: string;
	    cause: string;
	}
	export interface SessionState {
	    version: string;
	    revision: number;
	    generation: number;
	    environment?: EnvironmentState;
	    open: OpenState[];
	    opening?: OpeningState;
	    sandbox: SandboxState;
	    theme: ThemeProblem[];
	}
	export interface SettingChange {
	    actor: string;
	    action: string;
	    at: string;
	    auditId: string;
	}
	export interface SettingHelp {
	    title: string;
	    description: string;
	    impact: string;
	    examples: string[];
	}
	export interface Setting {
	    key: string;
	    known: boolean;
	    group: string;
	    type: string;
	    default: string;
	    min: string;
	    max: string;
	    choices: string[];
	    restart: boolean;
	    design: boolean;
	    django: boolean;
	    secret: boolean;
	    editable: boolean;
	    stored: boolean;
	    hidden: boolean;
	    readable: boolean;
	    value: string;
	    problem?: WireError;
	    updated: string;
	    help?: SettingHelp;
	    change?: SettingChange;
	}
	
	
	export interface SettingList {
	    settings: Setting[];
	    reloads: Reload[];
	    leader: string;
	    leaderError?: WireError;
	    changesError?: WireError;
	    asOf: string;
	}
	export interface SettingRequest {
	    key: string;
	    value: string;
	}
	export interface ShowRequest {
	    key: string;
	}
	export interface Signer {
	    name: string;
	    fingerprint: string;
	}
	
	
	export interface SuggestFileRequest {
	    name: string;
	    format: string;
	    title: string;
	}
	export interface SuggestProfileRequest {
	    id: string;
	    title: string;
	}
	export interface TaskFailure {
	    runId: string;
	    name: string;
	    outcome: Outcome;
	}
	export interface Task {
	    id: string;
	    total: number;
	    handled: number;
	    counts: Record<string, number>;
	    failures: TaskFailure[];
	    stopping: boolean;
	    stopped: boolean;
	    over: boolean;
	    reason: string;
	    args: Record<string, string>;
	}
	
	export interface Term {
	    epoch: string;
	    workerId: string;
	    since: string;
	    until: string;
	}
	export interface TermHistory {
	    from: string;
	    to: string;
	    terms: Term[];
	    recorded: boolean;
	}
	export interface TextRequest {
	    text: string;
	}
	
	export interface Timeline {
	    from: string;
	    to: string;
	    jobs: NamedID[];
	    workers: string[];
	    states: string[];
	    runs: RunColumns;
	    capped: boolean;
	    cap: number;
	    predicted: Predicted[];
	    unfit: number;
	    terms: Term[];
	    recorded: boolean;
	    asOf: string;
	}
	export interface TokenRequest {
	    token: string;
	}
	
	
	export interface UnlockRequest {
	    minutes: number;
	    reason: string;
	}
	export interface UnwatchRequest {
	    kind: string;
	    id: string;
	}
	export interface UpdateJobRequest {
	    jobId: string;
	    seen: string;
	    draft: JobDraft;
	}
	export interface VerifyRequest {
	    seal: string;
	    digest: string;
	}
	export interface VisibleRequest {
	    visible: boolean;
	}
	export interface WatchState {
	    kind: string;
	    id: string;
	    name: string;
	    fails: boolean;
	    ends: boolean;
	    lateMinutes: number;
	}
	export interface WatchList {
	    possible: boolean;
	    watches: WatchState[];
	    error?: WireError;
	    outside: boolean;
	    everySec: number;
	    idleMinutes: number;
	}
	
	export interface WindowRequest {
	    from: string;
	    to: string;
	}
	
	export interface Worker {
	    id: string;
	    nodeId: string;
	    role: string;
	    nodeSubLeader: boolean;
	    address: string;
	    lastHeartbeat: string;
	    silent: boolean;
	    lost: boolean;
	    reports: boolean;
	    load: number;
	    currentRunId: string;
	    detached: boolean;
	    detachFlag: boolean;
	    draining: boolean;
	    seenLeader: string;
	    seenEpoch: string;
	    capabilities: string[];
	    assignedRuns: number;
	    runningRuns: number;
	}
	export interface WorkerDetail {
	    worker: Worker;
	    leadership: Leadership;
	    recent: Run[];
	    assigned: Run[];
	    asOf: string;
	}
	export interface WorkerList {
	    leadership: Leadership;
	    workers: Worker[];
	    asOf: string;
	}
	

}

export namespace profile {
	
	export interface Logs {
	    endpoint: string;
	    region: string;
	    bucket: string;
	    prefix: string;
	    path_style: boolean;
	    credentials: string;
	    access_key: string;
	    aws_profile: string;
	    origins: string[];
	}
	export interface Postgres {
	    hosts: string[];
	    database: string;
	    user: string;
	    ssl_mode: string;
	    target_session_attrs: string;
	    server_ca: string;
	    client_certificate: string;
	    replicas: string[];
	}
	export interface SecretsFrom {
	    kind: string;
	    command: string[];
	}
	export interface Reach {
	    kind: string;
	    address: string;
	    user: string;
	    auth: string;
	    known_hosts: string;
	}
	export interface Rewrite {
	    from: string;
	    to: string;
	}
	export interface Workers {
	    mode: string;
	    certificate: string;
	    trust: string;
	    rewrite: Rewrite[];
	}
	export interface Redis {
	    mode: string;
	    addresses: string[];
	    database: number;
	    user: string;
	    master_name: string;
	    sentinel_user: string;
	    tls: boolean;
	    server_ca: string;
	    client_certificate: string;
	}
	export interface Profile {
	    id: string;
	    name: string;
	    kind: string;
	    color: string;
	    idle_minutes: number;
	    postgres: Postgres;
	    redis: Redis;
	    workers: Workers;
	    reach: Reach;
	    logs: Logs;
	    secrets_from: SecretsFrom;
	}
	
	
	
	

}

