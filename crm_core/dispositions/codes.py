"""What a new installation starts with; the names are the installation's to change afterwards."""

from __future__ import annotations

DISPOSITIONS: tuple[tuple[str, str, str], ...] = (
    ("solved", "已解决", "Solved"),
    ("ticket_created", "已建工单", "Ticket created"),
    ("handed_over", "已移交", "Handed over"),
    ("callback_agreed", "已约回拨", "Callback agreed"),
    ("information", "仅咨询", "Information only"),
    ("complaint", "投诉", "Complaint"),
    ("wrong_number", "打错电话", "Wrong number"),
    ("no_answer", "无人接听", "No answer"),
    ("dropped", "通话中断", "Call dropped"),
    ("nuisance", "骚扰电话", "Nuisance call"),
)

# False: set by the core by itself (cti/services/sessions.py, offers.py); nobody chooses it.
AUX_REASONS: tuple[tuple[str, str, str, bool], ...] = (
    ("break", "休息", "Break", True),
    ("lunch", "午餐", "Lunch", True),
    ("training", "培训", "Training", True),
    ("meeting", "会议", "Meeting", True),
    ("back_office", "案头工作", "Back office", True),
    ("no_answer", "未接来电", "Did not answer", False),
    ("ring_failed", "振铃失败", "Could not be rung", False),
    ("logged_in", "刚登录", "Just logged in", False),
    ("not_reachable", "线路未就绪", "Line not ready", False),
    ("page_back", "页面已恢复", "Page is back", False),
)
