"""Say of a class which villager is its mentor, and how many people it takes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0004_questions_by_goods'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='cohort',
            name='mentor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cohorts_mentored', to=settings.AUTH_USER_MODEL, verbose_name='带教师傅'),
        ),
        migrations.AddField(
            model_name='cohort',
            name='most_people',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='最多收几个人'),
        ),
    ]
