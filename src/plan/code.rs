//! The reasons there are. Each has a name for programs, and a sentence in every language: `reason.<name>`.

use crate::request::keyword;

keyword!(
    /// What a reason says.
    ReasonCode {
        // The list as a whole.
        BeyondContext = "beyond-context",
        Patience = "patience",
        PriceMonths = "price-months",
        StaleRates = "stale-rates",
        SummaryNone = "summary-none",
        SummaryUnpriced = "summary-unpriced",
        SummaryCards = "summary-cards",
        SummaryBoth = "summary-both",
        SummaryOffloadOnly = "summary-offload-only",

        // Why the first is first.
        FirstCheapestToBuy = "first-cheapest-to-buy",
        FirstCheapestPerJob = "first-cheapest-per-job",
        FirstFastest = "first-fastest",
        FirstLeastEnergy = "first-least-energy",
        FirstBestValue = "first-best-value",
        FirstUnpriced = "first-unpriced",
        Spare = "spare",

        // Why another is not first though it is better in one thing, and what it would take.
        CheaperButTight = "cheaper-but-tight",
        CheaperButModule = "cheaper-but-module",
        CheaperButDropped = "cheaper-but-dropped",
        CheaperButAirflow = "cheaper-but-airflow",
        CheaperButFrame = "cheaper-but-frame",
        CheaperButSqueezed = "cheaper-but-squeezed",
        CheaperButPure = "cheaper-but-pure",
        CheaperWithServerBoard = "cheaper-with-server-board",
        CheaperWithMainMemory = "cheaper-with-main-memory",
        CheaperWithMoreMemory = "cheaper-with-more-memory",
        CheaperWithAsMuchMemory = "cheaper-with-as-much-memory",
        CheaperButCompromised = "cheaper-but-compromised",
        CheaperByQlora = "cheaper-by-qlora",
        CheaperButStale = "cheaper-but-stale",
        CheaperButRisen = "cheaper-but-risen",
        AheadBut = "ahead-but",
        NextUp = "next-up",
        NextUpJob = "next-up-job",

        // What another costs and gives against the first.
        AddsNothing = "adds-nothing",
        DearerFaster = "dearer-faster",
        DearerSlower = "dearer-slower",
        CheaperFaster = "cheaper-faster",
        CheaperSlower = "cheaper-slower",
        Faster = "faster",
        Slower = "slower",
        DearerEqual = "dearer-equal",
        CheaperEqual = "cheaper-equal",
        Equal = "equal",

        // In which format two were compared.
        SameFormat = "same-format",
        OtherFormat = "other-format",
        AlikeOwn = "alike-own",
        AlikeName = "alike-name",

        // What is to be said of its price.
        NoPrice = "no-price",
        LaunchPrice = "launch-price",
        OnlyUsed = "only-used",
        StaleLaunch = "stale-launch",
        RisenLaunch = "risen-launch",
        OvertakenPrice = "overtaken-price",
        PriceSpread = "price-spread",
        StalePrice = "stale-price",

        // What it asks of the machine and its software.
        Tight = "tight",
        Offloaded = "offloaded",
        OffloadedForSpeed = "offloaded-for-speed",
        Loading = "loading",
        NeedsBoard = "needs-board",
        SlicesOfLlamaCpp = "slices-of-llama-cpp",
        ServerModule = "server-module",
        NeedsAirflow = "needs-airflow",
        NeedsFrame = "needs-frame",
        OldSoftware = "old-software",
        OldToolkit = "old-toolkit",
        SeveralMachines = "several-machines",
        CutOverCards = "cut-over-cards",
        SharedOut = "shared-out",
        SharedData = "shared-data",
        SharedTensor = "shared-tensor",
        SharedPipeline = "shared-pipeline",
        SharedContext = "shared-context",
        SharedExpert = "shared-expert",
        Late = "late",

        // What its recipe gives up.
        FrozenInFp8 = "frozen-in-fp8",
        NoBf16Fp32 = "no-bf16-fp32",
        NoBf16Fp16 = "no-bf16-fp16",
        PureBf16 = "pure-bf16",
        PureBf16Scratch = "pure-bf16-scratch",
        SmallOptimizer = "small-optimizer",
        QuickOptimizer = "quick-optimizer",
        SmallCache = "small-cache",
        QuickCache = "quick-cache",
        VaeTiling = "vae-tiling",
        InBackward = "in-backward",
        SmallRank = "small-rank",
        RankAssumed = "rank-assumed",
        Quantised = "quantised",
        EightBits = "eight-bits",
        Checkpointing = "checkpointing",
        CheckpointingHost = "checkpointing-host",
        SmallBatch = "small-batch",
        BatchRounded = "batch-rounded",

        // Why a rig is no answer.
        LaptopHasOne = "laptop-has-one",
        WrongForm = "wrong-form",
        NotSoldNew = "not-sold-new",
        SoldOnlyIn = "sold-only-in",
        OverPower = "over-power",
        OverWall = "over-wall",
        OverSupply = "over-supply",
        OverSlots = "over-slots",
        OverBudget = "over-budget",
        Unpriced = "unpriced",
        Uncosted = "uncosted",
        TooLarge = "too-large",
        TooSlowOffloaded = "too-slow-offloaded",
        TooLittleMainMemory = "too-little-main-memory",
        NoRoomToLoad = "no-room-to-load",
        NoRoomToShare = "no-room-to-share",
        TooSlow = "too-slow",
        TooDear = "too-dear",
        CannotBf16 = "cannot-bf16",
        CannotTf32 = "cannot-tf32",
        CannotFp8 = "cannot-fp8",
        CannotFlashAttention = "cannot-flash-attention",
        CannotNf4 = "cannot-nf4",
        CannotInt8 = "cannot-int8",
        CannotFormat = "cannot-format",
        Unsuited = "unsuited",

        // A step, or several, to a setup that fits.
        ChangeMicroBatch = "change-micro-batch",
        ChangeCheckpointing = "change-checkpointing",
        ChangeCheckpointingHost = "change-checkpointing-host",
        ChangeLoss = "change-loss",
        ChangeAttention = "change-attention",
        ChangeSharding = "change-sharding",
        ChangeLayout = "change-layout",
        ChangeRank = "change-rank",
        ChangeOptimizer = "change-optimizer",
        ChangeMethod = "change-method",
        ChangeLength = "change-length",
        ChangeSide = "change-side",
        ChangeWeights = "change-weights",
        ChangeWeightsAndStack = "change-weights-and-stack",
        ChangeInBackward = "change-in-backward",
        ChangeCache = "change-cache",
        ChangeVaeTiling = "change-vae-tiling",
        ChangePrompt = "change-prompt",
        ChangeConcurrency = "change-concurrency",
        ChangeOffload = "change-offload",
        ChangeOffloadLayers = "change-offload-layers",
        ChangeOffloadExperts = "change-offload-experts",
        ChangeOffloadCompanions = "change-offload-companions",
        ChangeOffloadWeights = "change-offload-weights",
        ChangeCount = "change-count",
        ChangeCard = "change-card",
        ChangeLaptop = "change-laptop",
        ChangePrecision = "change-precision",
        ChangeStack = "change-stack",
        ChangeBatch = "change-batch",
        ChangeNoCheckpointing = "change-no-checkpointing",
        ChangePlainLoss = "change-plain-loss",
        ChangeCards = "change-cards",
        ChangeTogether = "change-together",
        ChangeTogetherOffload = "change-together-offload",
        ChangeTogetherCount = "change-together-count",
        ChangeTogetherCard = "change-together-card",
        ChangeTogetherCards = "change-together-cards",

        // The path of a model from nothing.
        PathData = "path-data",
        PathPretrain = "path-pretrain",
        PathFullFinetune = "path-full-finetune",
        PathLora = "path-lora",
        PathQlora = "path-qlora",
        PathInference = "path-inference",
        PathHere = "path-here",
        PathSlow = "path-slow",
        PathElsewhere = "path-elsewhere",
        PathNoFaster = "path-no-faster",
        PathNowhere = "path-nowhere",
    }
);

impl ReasonCode {
    /// Whether it names a plan that is cheaper than the first, and says why it is not first nevertheless.
    #[must_use]
    pub const fn is_of_cheaper(self) -> bool {
        use ReasonCode::*;
        matches!(
            self,
            CheaperButTight
                | CheaperButModule
                | CheaperButDropped
                | CheaperButAirflow
                | CheaperButFrame
                | CheaperButSqueezed
                | CheaperButPure
                | CheaperButCompromised
                | CheaperButStale
                | CheaperButRisen
                | CheaperWithMainMemory
                | CheaperWithMoreMemory
                | CheaperWithAsMuchMemory
                | CheaperWithServerBoard
                | CheaperByQlora
        )
    }
}
