def test_it_works(client, db, settings):
    settings.OPERATOR_NAME, settings.OPERATOR_CONTACT = "柚山县农业农村局", "0744-0000000"
    response = client.get("/privacy/")
    page = response.content.decode()
    assert response.status_code == 200
    assert f"{settings.PRIVACY_VERSION} 版" in page
    assert "<b>柚山县农业农村局</b>" in page
    assert "<b>0744-0000000</b>" in page
    assert [title for title in page.split("<h2>")[1:] if title][0].startswith("谁在管")


def test_it_says_all_that_the_law_asks(client, db):
    page = client.get("/privacy/").content.decode()
    titles = [part.split("</h2>")[0] for part in page.split("<h2>")[1:]]
    assert titles == [
        "谁在管",
        "记什么，做什么用",
        "给谁看",
        "留多久",
        "您能做什么",
        "小孩子",
        "说明改了怎么办",
    ]


def test_it_can_be_kept_by_the_browser(client, db):
    first = client.get("/privacy/")
    assert "csrfmiddlewaretoken" not in first.content.decode()
    assert client.get("/privacy/", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_text_messages_are_named_only_where_they_are_sent(client, db, settings):
    assert "短信公司" not in client.get("/privacy/").content.decode()


def test_text_messages_are_named_where_they_are_sent(client, db, gateway):
    assert "短信公司" in client.get("/privacy/").content.decode()
