from django.db import migrations, models


def delete_steps_by_course(apps, schema_editor):
    """Delete steps that rested on a finished course: they rest on a certificate now, and are counted again within the hour."""
    apps.get_model("programme", "Step").objects.filter(evidence_kind="course").delete()


class Migration(migrations.Migration):

    dependencies = [
        ('programme', '0003_ladder'),
    ]

    operations = [
        migrations.RunPython(delete_steps_by_course, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='step',
            name='evidence_kind',
            field=models.CharField(choices=[('lesson', '学完的课'), ('certificate', '结业证书'), ('live', '真直播'), ('order', '订单'), ('sales', '结清的直播成交'), ('month', '一个月的账'), ('teaching', '师徒记录')], max_length=12, verbose_name='哪种依据'),
        ),
        migrations.AlterField(
            model_name='step',
            name='why_taken_back',
            field=models.CharField(blank=True, choices=[('earlier', '找到了更早的依据，换成那一条'), ('lesson', '学完课的记录没有了'), ('certificate', '结业证书作废了'), ('review', '彩排的点评撤回了'), ('live', '真直播的记录不全了'), ('order', '这单的钱全退了'), ('sales', '直播成交更正了，或者退了款'), ('ledger', '账更正了，这个月没到标准'), ('teaching', '师徒记录撤回了'), ('pupil', '徒弟的成交不算了')], max_length=12, verbose_name='为什么收回'),
        ),
    ]
