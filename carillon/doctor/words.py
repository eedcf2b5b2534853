"""The sentences of `carillon doctor`, in both languages: what is wrong, then how to mend it."""

from __future__ import annotations

from collections.abc import Mapping

from carillon.doctor.finding import Finding

CHECKS: Mapping[str, tuple[str, str]] = {
    "supervisor": ("守护进程", "Supervisor"),
    "switch": ("Asterisk 交换机", "Switch (Asterisk)"),
    "core": ("核心进程", "Core"),
    "api": ("控制台服务", "Console server (api)"),
    "configuration": ("交换机配置", "The switch's configuration"),
    "manager": ("AMI 管理接口", "Manager interface (AMI)"),
    "trunk": ("中继侧 SIP", "SIP on the trunk's side"),
    "dnis": ("被叫号码 4001", "The number 4001"),
    "ivr": ("语音菜单 (FastAGI)", "IVR (FastAGI)"),
    "health": ("核心与数据", "Core and data"),
    "console": ("坐席控制台页面", "The console's page"),
    "prompts": ("提示音", "Prompts"),
    "music": ("等待音乐", "Music on hold"),
    "disk": ("磁盘", "Disk"),
    "agents": ("坐席", "Agents"),
    "tls": ("TLS", "TLS"),
    "media": ("媒体地址", "Media address"),
}

SENTENCES: Mapping[str, tuple[str, str]] = {
    "fine": ("正常。", "Good."),
    "part_missing": (
        "没有运行。请执行 bin/up；日志见 {log}。",
        "It does not run. Start it with bin/up; its log is {log}.",
    ),
    "part_starting": ("正在启动，请稍后再试。", "It is starting; ask again in a moment."),
    "part_alone": (
        "没有守护进程：各部分单独运行，无人重启崩溃的部分。",
        "There is none: the parts run alone, and nobody restarts a dead one.",
    ),
    "config_missing": (
        "{file} 不存在。执行 bin/up 或 carillon switch 会重新生成它。",
        "{file} is missing. bin/up or `carillon switch` writes it.",
    ),
    "config_broken": (
        "{file} 无法读取：{reason}。重启交换机会重新生成它。",
        "{file} cannot be read: {reason}. A restart of the switch rewrites it.",
    ),
    "config_differs": (
        "{file} 的 [{section}] 中 {key} 是 “{found}”，设置要求 “{wanted}”。请用 bin/up 重启，使设置生效。",
        "{file} [{section}]: {key} is `{found}`, but the settings say `{wanted}`. Restart with bin/up: then they take effect.",
    ),
    "config_lacks": (
        "{file} 缺少 [{section}]。请用 bin/up 重启以重新生成。",
        "{file} has no [{section}]. Restart with bin/up, which writes it.",
    ),
    "manager_silent": (
        "127.0.0.1:{port} 上的 AMI 不接受 {user} 的登录。请重启交换机 (bin/up)。",
        "AMI on 127.0.0.1:{port} does not take the log-in of {user}. Restart the switch (bin/up).",
    ),
    "trunk_silent": (
        "{address} 不回答来自 {source} 的 SIP OPTIONS。请查看 {log}。",
        "{address} does not answer a SIP OPTIONS from {source}. See {log}.",
    ),
    "trunk_unknown": (
        "交换机不认识来自 {source} 的中继 (SIP {answer})。请检查 CARILLON_TRUNK_MATCH（当前 {match}）。",
        "The switch does not know the trunk at {source} (SIP {answer}). Check CARILLON_TRUNK_MATCH (now {match}).",
    ),
    "trunk_elsewhere": (
        "中继只来自其他机器 ({match})，本机无法试呼。",
        "The trunk comes from other machines only ({match}), so it was not tried from here.",
    ),
    "source_missing": (
        "本机没有地址 {source}，无法从中继侧试呼 ({reason})。请检查 CARILLON_TRUNK_MATCH。",
        "This machine cannot send from {source} ({reason}). Check CARILLON_TRUNK_MATCH.",
    ),
    "dnis_refused": (
        "交换机拒绝被叫号码 {number} (SIP {answer})。请检查 extensions.conf 的 [inbound]。",
        "The switch refuses {number} (SIP {answer}). Check [inbound] in extensions.conf.",
    ),
    "dnis_missing": (
        "ivr/flows/numbers.yaml 中没有号码 {number}，来电会走“其他号码”的流程。",
        "{number} is not in ivr/flows/numbers.yaml; its callers get the flow of other numbers.",
    ),
    "ivr_broken": ("语音菜单文件有误：{reason}", "The IVR's files are wrong: {reason}"),
    "ivr_silent": (
        "核心的 FastAGI (127.0.0.1:{port}) 没有应答，来电会直接进入应急队列。请重启核心 (bin/up)。",
        "The core's FastAGI on 127.0.0.1:{port} does not answer: callers go to the emergency queue. Restart the core (bin/up).",
    ),
    "api_silent": ("控制台服务 {url} 没有应答。请查看 {log}。", "The console server at {url} does not answer. See {log}."),
    "core_away": ("控制台服务连不上核心。请查看 {log}。", "The console server does not reach the core. See {log}."),
    "switch_away": ("核心没有连上交换机 (AMI)。请查看 {log}。", "The core is not connected to the switch (AMI). See {log}."),
    "database_away": (
        "业务数据库不可用。请检查 CARILLON_DATABASE_URL 和磁盘。",
        "The business database does not answer. Check CARILLON_DATABASE_URL and the disk.",
    ),
    "journal_failed": (
        "核心的事实日志写不进去：{file}。请检查磁盘空间和权限。",
        "The core cannot write its journal {file}. Check disk space and rights.",
    ),
    "console_missing": ("控制台页面没有构建。请执行 bin/up。", "The console's page is not built. Run bin/up, which builds it."),
    "prompts_missing": (
        "缺少 {count} 个提示音（例如 {example}）。请安装 espeak-ng 后执行 bin/up。",
        "{count} prompts are missing (for example {example}). Install espeak-ng and run bin/up.",
    ),
    "state_unwritable": ("{folder} 不可写 ({reason})。请修正权限。", "{folder} cannot be written ({reason}). Mend its rights."),
    "music_not_linear": (
        "{folder} 中没有 .wav 音乐：压缩格式的音乐会使部分录音缺少坐席的声音。请安装 asterisk-moh-opsound-wav。",
        "{folder} has no music as .wav: with compressed music some recordings lack the agent's voice."
        " Install asterisk-moh-opsound-wav.",
    ),
    "disk_full": ("{folder} 只剩 {free} MB。请清理磁盘。", "Only {free} MB are left for {folder}. Make room."),
    "disk_low": (
        "{folder} 只剩 {free} MB，约可录音 {hours} 小时。",
        "{free} MB are left for {folder}: about {hours} hours of recording.",
    ),
    "nobody_logged_in": (
        "没有坐席登录：来电只能等待。请打开控制台登录，或执行 carillon agent。",
        "No agent is logged in: callers will wait. Log in at the console, or run `carillon agent`.",
    ),
    "nobody_ready": ("{logged_in} 名坐席在线，但无人就绪。", "{logged_in} agents are logged in, but nobody is READY."),
    "no_tls": (
        "没有 TLS：其他机器上的浏览器不允许使用麦克风。请设置 CARILLON_TLS_CERT 和 CARILLON_TLS_KEY。",
        "There is no TLS: browsers on other machines give no microphone. Set CARILLON_TLS_CERT and CARILLON_TLS_KEY.",
    ),
    "no_media_address": (
        "没有设置 CARILLON_EXTERNAL_MEDIA_ADDRESS：只有本机的浏览器能通话。",
        "CARILLON_EXTERNAL_MEDIA_ADDRESS is not set: only browsers on this machine can talk.",
    ),
    "only_loopback": (
        "本机只有回环接口，Asterisk 不会给浏览器任何 ICE 候选地址，通话没有声音。请执行：ip addr add 10.99.0.1/32 dev lo",
        "This machine has only loopback, so Asterisk offers a browser no ICE candidate and calls are silent. "
        "Run: ip addr add 10.99.0.1/32 dev lo",
    ),
    "too_slow": ("检查没有在规定时间内完成。", "The check did not end in time."),
}


def language_of(environment: Mapping[str, str]) -> str:
    """`zh` or `en`, as the terminal's locale says."""
    said = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "zh" if said.lower().startswith("zh") else "en"


def title(check: str, language: str) -> str:
    """What was looked at."""
    return CHECKS[check][0 if language == "zh" else 1]


def sentence(finding: Finding, language: str) -> str:
    """What was found."""
    return SENTENCES[finding.code][0 if language == "zh" else 1].format(**finding.params)
