"""Add the invitations of mentors."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_notice_request_id'),
        ('courses', '0005_class_mentors'),
        ('programme', '0005_account_merges'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MentorInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='跟他说一句')),
                ('status', models.CharField(choices=[('asked', '等他答复'), ('accepted', '答应了'), ('declined', '没答应'), ('withdrawn', '收回了')], default='asked', max_length=9, verbose_name='状态')),
                ('invited_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='什么时候请的')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='什么时候答复的')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='收回时间')),
                ('why_ended', models.CharField(blank=True, max_length=200, verbose_name='为什么收回')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.course', verbose_name='带哪门课')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='谁收回的')),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='谁请的')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentor_invitations', to=settings.AUTH_USER_MODEL, verbose_name='请谁')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.place', verbose_name='哪个村')),
            ],
            options={
                'verbose_name': '带教邀请',
                'verbose_name_plural': '带教邀请',
                'ordering': ['-invited_at', '-id'],
                'indexes': [models.Index(fields=['place', '-invited_at'], name='mentor_invitations_of_place')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['asked', 'accepted'])), fields=('person',), name='one_open_mentor_invitation')],
            },
        ),
    ]
