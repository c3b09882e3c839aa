using UnityEditor;
using UnityEditor.SceneManagement;
using UnityEngine;
using UnityEngine.Rendering;

namespace TalkFace.Unity.Editor
{
    /// <summary>A scene in which a plain face speaks the selected AudioClip.</summary>
    public static class SampleScene
    {
        [MenuItem("GameObject/TalkFace/Create Sample Scene")]
        public static void CreateFromMenu()
        {
            if (EditorSceneManager.SaveCurrentModifiedScenesIfUserWantsTo())
            {
                Create();
            }
        }

        /// <summary>Opens a new scene with a camera, a light and the face; returns the face's object.</summary>
        public static GameObject Create()
        {
            AudioClip[] selected = Selection.GetFiltered<AudioClip>(SelectionMode.Assets);
            TalkFaceModelAsset model = DefaultModel.FindOrCreate();
            UnityEngine.SceneManagement.Scene scene = EditorSceneManager.NewScene(NewSceneSetup.EmptyScene, NewSceneMode.Single);
            GameObject camera = new GameObject("Camera", typeof(Camera), typeof(AudioListener)) { tag = "MainCamera" };
            camera.transform.position = new Vector3(0, 0, 0.6f);
            camera.transform.rotation = Quaternion.Euler(0, 180, 0);
            camera.GetComponent<Camera>().fieldOfView = 35;
            Light light = new GameObject("Light").AddComponent<Light>();
            light.type = LightType.Directional;
            light.transform.rotation = Quaternion.Euler(30, 210, 0);
            GameObject face = Face(model, selected.Length > 0 ? selected[0] : null);
            EditorSceneManager.MarkSceneDirty(scene);
            Selection.activeObject = face;
            return face;
        }

        /// <summary>Of the render pipeline that is in use, which need not be one that is installed.</summary>
        private static Shader Lit()
        {
            RenderPipelineAsset pipeline = GraphicsSettings.currentRenderPipeline;
            Shader its = pipeline == null ? null : pipeline.defaultShader;
            return its == null ? Shader.Find("Standard") : its;
        }

        private static GameObject Face(TalkFaceModelAsset model, AudioClip said)
        {
            GameObject body = new GameObject("Talking face");
            body.SetActive(false);
            GameObject skin = new GameObject("Head");
            skin.transform.SetParent(body.transform, false);
            SkinnedMeshRenderer renderer = skin.AddComponent<SkinnedMeshRenderer>();
            renderer.sharedMesh = SampleFace.Build();
            renderer.sharedMaterial = new Material(Lit()) { color = new Color(0.85f, 0.65f, 0.55f) };
            AudioSource audio = body.AddComponent<AudioSource>();
            audio.clip = said;
            audio.playOnAwake = true;
            body.AddComponent<TalkFaceSource>().Model = model;
            body.AddComponent<TalkFaceDriver>().Head = skin.transform;
            body.SetActive(true);
            return body;
        }
    }
}
