"""What the script of a task's page says, in the page's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def get_texts() -> dict[str, str]:
    return {
        "cost": _("这次要用大约 {mb} MB 流量"),
        "cost_none": _("只有字，用不了什么流量"),
        "stop": _("；"),
        "stored": _("{n} 样存在手机里了，关掉页面也不会丢"),
        "unstored": _("手机放不下第二份，这一样没存进去。有网的时候交，传完以前别关这一页。"),
        "no_room": _(
            "手机里只剩 {free} MB，这段有 {size} MB，存不下第二份。能传：有网的时候交，传完以前别关这一页。"
        ),
        "heavy": _("“{name}”有 {size} MB，最多收 {most} MB，剪短一点再传"),
        "heavy_file": _("“{name}”有 {size} MB，最多收 {most} MB"),
        "empty": _("“{name}”是空的，重新选一次"),
        "not_photo": _("“{name}”不是照片，重新选"),
        "not_film": _("“{name}”不是视频，重新选"),
        "office": _("“{name}”是文档改了名字，不是视频。选手机拍的那一段"),
        "zero": _("“{name}”是 0 秒，没录上，重新拍一段"),
        "broken": _("“{name}”没存完整，后半截不见了，重新拍一段"),
        "no_picture": _("“{name}”只有声音，没有画面"),
        "sideways": _("这段是横着拍的。要竖着的话，重拍一段再交。"),
        "unshown": _("这部手机显示不了这张，交上去老师看得到"),
        "many": _("最多 {most} 样，多的没放进去"),
        "place": _("第 {n} 样"),
        "missing": _("还没放东西，先放再交"),
        "missing_text": _("还没写字，先写再交"),
        "missing_choice": _("先选一样再交"),
        "unticked": _("一条都没勾，交之前对一遍。都没做到也能交，再按一次“交给老师”。"),
        "long": _("写的话最多 {most} 个字，多了 {over} 个，删短一点再交"),
        "kept": _("存在手机里了。有网自己会交，交到了这里会显示回执。"),
        "sending": _("正在传第 {n} 样，已传 {sent}/{all} MB"),
        "handing": _("都传完了，正在交"),
        "offline": _("没网。都存在手机里，有网自己会交。"),
        "busy": _("服务器这会儿忙，过一会儿自己再传。"),
        "full": _("今天传得太多，或者服务器放不下了，过一会儿自己再传。"),
        "login": _("登录过期了。交的都在手机里，登录后接着传。"),
        "other": _("手机里有另一个人交的，要那个人登录了才传。"),
        "refused": _("有一样没收：{why}。换一样再交。"),
        "lost": _("有一样在这部手机里找不到了，重新放一次再交。"),
        "aside": _("交到了，可是记不上。看看是为什么。"),
        "one": _("手机里有一个任务还没交到，正在传"),
        "sent": _("手机里的任务都交到了"),
        "dropped": _("拿掉了"),
        "moved": _("现在是第 {n} 样"),
        "photo": _("照片"),
        "film": _("视频"),
        "document": _("文件"),
    }
