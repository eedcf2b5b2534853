"""What each AMI account may do, in full: `ListCommands` of Asterisk 22 with every module loaded, for the classes of
manager.conf. The self-test at start refuses to run with more, and without what the gateway needs.

An account may do what its classes allow, and Asterisk adds actions of no class. Whoever adds an action here says in
docs/adr why the core needs it. Not here and never to be: Command, Filter, MixMonitor, ModuleLoad, UpdateConfig, GetConfig,
AGI, UserEvent, DBPut, PJSIPShow… (classes system, command, config, agi).
"""

from __future__ import annotations

_ANY_ACCOUNT = frozenset(
    {
        "BridgeDestroy",
        "BridgeInfo",
        "BridgeKick",
        "BridgeList",
        "BridgeTechnologyList",
        "BridgeTechnologySuspend",
        "BridgeTechnologyUnsuspend",
        "Challenge",
        "DeviceStateList",
        "Events",
        "ExtensionState",
        "ExtensionStateList",
        "Getvar",
        "ListCommands",
        "Login",
        "Logoff",
        "MailboxCount",
        "MailboxStatus",
        "Ping",
        "PresenceState",
        "PresenceStateList",
        "QueueChangePriorityCaller",
        "QueueReload",
        "QueueReset",
        "QueueRule",
        "QueueStatus",
        "QueueSummary",
        "QueueWithdrawCaller",
        "Status",
        "WaitEvent",
    }
)

READ_ALLOWED = _ANY_ACCOUNT | frozenset(
    {
        "ConfbridgeList",
        "ConfbridgeListRooms",
        "CoreSettings",
        "CoreShowChannelMap",
        "CoreShowChannels",
        "CoreStatus",
        "DBGet",
        "DBGetTree",
        "LoggerRotate",
        "PJSIPQualify",
        "PJSIPRegister",
        "PJSIPShowMaintenance",
        "PJSIPShowRegistrationsOutbound",
        "PJSIPUnregister",
        "ShowDialPlan",
    }
)
READ_NEEDED = frozenset(
    {
        "ConfbridgeList",
        "ConfbridgeListRooms",
        "CoreStatus",
        "ListCommands",
        "Ping",
        "QueueStatus",
        "Status",
    }
)

CTL_ALLOWED = _ANY_ACCOUNT | frozenset(
    {
        "AbsoluteTimeout",
        "Atxfer",
        "BlindTransfer",
        "Bridge",
        "CancelAtxfer",
        "ConfbridgeKick",
        "ConfbridgeLock",
        "ConfbridgeMute",
        "ConfbridgeSetSingleVideoSrc",
        "ConfbridgeUnlock",
        "ConfbridgeUnmute",
        "ControlPlayback",
        "Hangup",
        "LocalOptimizeAway",
        "MixMonitorMute",
        "Originate",
        "Park",
        "ParkedCalls",
        "Parkinglots",
        "PJSIPHangup",
        "PlayDTMF",
        "PlayMF",
        "QueueAdd",
        "QueueLog",
        "QueueMemberRingInUse",
        "QueuePause",
        "QueuePenalty",
        "QueueRemove",
        "Redirect",
        "SendFlash",
        "SendText",
        "Setvar",
        "StopMixMonitor",
    }
)
CTL_NEEDED = frozenset(
    {
        "Bridge",
        "ConfbridgeKick",
        "Hangup",
        "ListCommands",
        "MixMonitorMute",
        "Originate",
        "Ping",
        "QueueAdd",
        "QueueRemove",
        "QueueStatus",
        "Redirect",
        "Setvar",
    }
)
