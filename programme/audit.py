"""Verbs of the audit trail about the programme."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.audit import register_verbs


@register_verbs
class Verb(models.TextChoices):
    """Values stored in AuditEntry.verb; never rename one, so that old rows keep their meaning."""

    SESSION_CHANGED = "session_changed", _("改了培训课")
    SESSION_CANCELLED = "session_cancelled", _("取消了培训课")
    SESSION_REINSTATED = "session_reinstated", _("恢复了培训课")
    WALK_IN_MERGED = "walk_in_merged", _("并入临时学员")
    WALK_IN_SPLIT = "walk_in_split", _("撤回并入临时学员")
    ROSTER_CHECKED = "roster_checked", _("传名单核对了号码")
    ROSTER_CONFIRMED = "roster_confirmed", _("照名单加了人")
    CERTIFICATE_ISSUED = "certificate_issued", _("发了结业证书")
    CERTIFICATE_REVOKED = "certificate_revoked", _("作废了结业证书")
    CERTIFICATE_REISSUED = "certificate_reissued", _("换发了结业证书")
    EXAM_BOOKED = "exam_booked", _("排了结业实操")
    EXAM_CANCELLED = "exam_cancelled", _("取消了结业实操")
    EXAM_SCORED = "exam_scored", _("交了实操的分")
    EXAM_SEAT_WITHDRAWN = "exam_seat_withdrawn", _("撤下了一个实操考位")
    EXAM_EXAMINER_REPLACED = "exam_examiner_replaced", _("换了实操的考官")
    EXAM_THIRD_ASKED = "exam_third_asked", _("请了第三位考官")
    EXAM_FILM_LINKED = "exam_film_linked", _("给实操附了录像")
    EXAM_FILM_UNLINKED = "exam_film_unlinked", _("拿掉了实操的录像")
    CARDS_PRINTED = "cards_printed", _("印了全班的登录卡")
    MENTOR_INVITED = "mentor_invited", _("请人带教")
    MENTOR_ACCEPTED = "mentor_accepted", _("答应带教")
    MENTOR_DECLINED = "mentor_declined", _("没答应带教")
    MENTOR_WITHDRAWN = "mentor_withdrawn", _("收回带教邀请")
    MENTOR_CLASS_OPENED = "mentor_class_opened", _("开了带教班")
    TEACHING_RECORDED = "teaching_recorded", _("记了师徒")
    TEACHING_WITHDRAWN = "teaching_withdrawn", _("撤回师徒记录")
    TEACHING_RESTORED = "teaching_restored", _("恢复师徒记录")
    STEP_RULE_SET = "step_rule_set", _("定了阶梯的标准")
    ACCOUNTS_MERGED = "accounts_merged", _("合并了两个账号")
    SUPPORT_TAKEN = "support_taken", _("接了卡住的学员")
    SUPPORT_RECORDED = "support_recorded", _("记了怎么帮的")
    OUTCOME_TARGET_SET = "outcome_target_set", _("定了全年目标")
    COST_RECORDED = "cost_recorded", _("记了办班花费")
    COST_CANCELLED = "cost_cancelled", _("作废了办班花费")
    STORY_ASKED = "story_asked", _("请本人看故事")
    STORY_CONFIRMED = "story_confirmed", _("本人同意公开故事")
    STORY_WITHDRAWN = "story_withdrawn", _("本人撤回故事")
    LEDGER_MADE = "ledger_made", _("做了培训台账")
    LEDGER_DOWNLOADED = "ledger_downloaded", _("下载了培训台账")
    LEDGER_SUBMITTED = "ledger_submitted", _("交了培训台账")
    LEDGER_CHECKED = "ledger_checked", _("核对了培训台账")
    LEDGER_APPROVED = "ledger_approved", _("批准了培训台账")
    LEDGER_RETURNED = "ledger_returned", _("退回了培训台账")
    ID_NUMBERS_REQUIRED = "id_numbers_required", _("定了要报身份证号")
    ID_NUMBERS_ENDED = "id_numbers_ended", _("定了不用报身份证号")
    ID_NUMBER_ENTERED = "id_number_entered", _("填了身份证号")
    ID_NUMBER_SEEN = "id_number_seen", _("看了完整的身份证号")
    ID_NUMBERS_EXPORTED = "id_numbers_exported", _("导出了完整的身份证号")
    ID_NUMBER_DELETED = "id_number_deleted", _("删了身份证号")
